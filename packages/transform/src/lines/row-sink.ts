import { type LazyPart, collectGarbage, LineBuffer } from "@firebreak/archive";
import { RowHasher, TableDigest, type CellForm, type RowEncoding } from "@firebreak/items";
import { csvRowPieces, putCsvRow } from "@firebreak/mysql-format";
import type { TargetRow } from "./line-mapper.ts";
import type { ItemSink, WrittenItems } from "./item-sink.ts";

/** The rows of one source part that go to one table, with their digest. */
export class RowSink implements ItemSink<TargetRow> {
  readonly #part: LazyPart;
  readonly #hasher: RowHasher;
  readonly #digest = new TableDigest();
  #hugeRow: readonly (string | null)[] | undefined;
  #largestRowBytes = 0;

  constructor(part: LazyPart, forms: readonly CellForm[], rowEncoding: RowEncoding) {
    this.#part = part;
    this.#hasher = new RowHasher(forms, rowEncoding);
  }

  add({ cells }: TargetRow, isHuge: boolean): void {
    // A block of lines contains the end of at most one huge line, which is then the first in the block.
    if (isHuge && this.#part.lineCount === 0) {
      this.#hugeRow = cells;
      return;
    }
    this.#prove(cells);
    putCsvRow(this.#part.lines, cells);
    this.#part.lineCount++;
  }

  async flush(): Promise<void> {
    if (this.#hugeRow !== undefined) {
      // The line is no longer needed. Without this collection it would stay in memory beside its cells.
      collectGarbage();
      this.#prove(this.#hugeRow);
      await writeHuge(this.#part, this.#hugeRow);
      this.#hugeRow = undefined;
    }
    await this.#part.flush();
  }

  async seal(): Promise<WrittenItems | undefined> {
    await this.flush();
    const part = await this.#part.seal();
    return (
      part && {
        part: { ...part, digest: this.#digest.toPlain() },
        largestValueBytes: this.#hasher.largestValueBytes,
        largestItemBytes: this.#largestRowBytes,
      }
    );
  }

  async abandon(): Promise<void> {
    await this.#part.abandon();
  }

  #prove(cells: readonly (string | null)[]): void {
    this.#digest.addText(this.#hasher.hashText(cells));
    if (this.#hasher.rowBytes > this.#largestRowBytes) this.#largestRowBytes = this.#hasher.rowBytes;
  }
}

/**
 * Writes a huge row in pieces. Only the last piece ends the row. Each piece is held back until another
 * follows, because a value may also end in a piece that looks like the last one.
 */
async function writeHuge(part: LazyPart, cells: readonly (string | null)[]): Promise<void> {
  const piece = new LineBuffer();
  const write = async (text: string, lineCount: number): Promise<void> => {
    piece.ascii(text);
    await part.write(piece.written(), lineCount);
    piece.clear();
  };
  let held = "";
  for (const text of csvRowPieces(cells)) {
    await write(held, 0);
    held = text;
  }
  await write(held, 1);
}
