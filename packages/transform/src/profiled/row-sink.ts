import { csvRow } from "@firebreak/mysql-format";
import { RowHasher, TableDigest } from "@firebreak/items";
import type { TablePart } from "@firebreak/archive";
import { LazyPart } from "../lazy-part.ts";
import type { ProfileTable } from "../profile.ts";

/** The rows of one source part that went to one table. */
export interface WrittenTableRows {
  /** The index of the table in the plan. */
  readonly table: number;
  readonly part: TablePart;
  readonly largestValueBytes: number;
  readonly largestRowBytes: number;
}

/**
 * The rows of one source part that go to one table, in one file that begins with its first row.
 *
 * Misplaced rows go to many tables at once, and the compressors of all these tables would take more memory
 * than the rows. Such rows are therefore held, which never takes more than the part's size, and written one
 * table after the other.
 */
export class RowSink {
  readonly #part: LazyPart;
  readonly #hasher: RowHasher;
  readonly #digest = new TableDigest();
  readonly #table: number;
  #csv: Buffer[] = [];
  #rows = "";
  #rowCount = 0;
  #largestRowBytes = 0;

  constructor(part: LazyPart, table: number, { columns, rowEncoding }: ProfileTable) {
    this.#part = part;
    this.#table = table;
    this.#hasher = new RowHasher(
      columns.map(({ form }) => form),
      rowEncoding,
    );
  }

  /** @param cells the row's cells as byte text. */
  add(cells: readonly (string | null)[]): void {
    this.#digest.addText(this.#hasher.hashText(cells));
    this.#largestRowBytes = Math.max(this.#largestRowBytes, this.#hasher.rowBytes);
    this.#rows += csvRow(cells);
    this.#rowCount++;
    if (this.#rows.length > 1 << 16) this.#settle();
  }

  /** Writes the rows added so far. */
  async flush(): Promise<void> {
    this.#settle();
    if (this.#rowCount === 0) return;
    const rowCount = this.#rowCount;
    this.#rowCount = 0;
    await this.#part.write(Buffer.concat(this.#csv.splice(0)), rowCount);
  }

  /** Seals the file. Returns undefined if no row came. */
  async seal(): Promise<WrittenTableRows | undefined> {
    await this.flush();
    const part = await this.#part.seal();
    if (part === undefined) return undefined;
    return {
      table: this.#table,
      part: { ...part, digest: this.#digest.toPlain() },
      largestValueBytes: this.#hasher.largestValueBytes,
      largestRowBytes: this.#largestRowBytes,
    };
  }

  async abandon(): Promise<void> {
    await this.#part.abandon();
  }

  /** Turns the rows into bytes. A joined text would keep all its pieces in memory. */
  #settle(): void {
    if (this.#rows === "") return;
    this.#csv.push(Buffer.from(this.#rows, "latin1"));
    this.#rows = "";
  }
}
