import { BSON } from "bson";
import { LineBuffer, LineDecoder, rawLineOf, WRAPPER_NAMES } from "@firebreak/archive";
import type { LineForm } from "./line-form.ts";
import { isLarge, type ServerCell, writeCell, writeLargeCell } from "./write-cell.ts";

/** A field in every line of a table. */
export interface LineColumn {
  readonly name: string;
  readonly form: LineForm;
}

const OPEN = 0x7b;
const CLOSE = 0x7d;

/** Writes a table's rows as lines, one field a column, in the order of the columns. */
export class RowLineWriter {
  readonly out: LineBuffer = new LineBuffer();
  readonly #columns: readonly LineColumn[];
  readonly #names: readonly Uint8Array[];
  readonly #isRaw: boolean;
  readonly #decoder = new LineDecoder();

  constructor(columns: readonly LineColumn[]) {
    this.#columns = columns;
    // A column named like `$date` would turn its line into another value, so such a line is raw.
    this.#isRaw = columns.some((c) => WRAPPER_NAMES.has(c.name));
    this.#names = columns.map(({ name }, i) =>
      Buffer.from(`${i === 0 ? "" : ","}${JSON.stringify(this.#isRaw ? String(i) : name)}:`),
    );
  }

  /**
   * Appends the line as `write` does, and yields after each piece of large values. The caller may then empty
   * `out`.
   */
  *writeInPieces(cells: readonly ServerCell[]): Generator<void> {
    if (this.#isRaw || !cells.some(isLarge)) return this.write(cells);
    const { out } = this;
    out.byte(OPEN);
    for (let i = 0; i < this.#columns.length; i++) {
      out.put(this.#names[i]!);
      yield* writeLargeCell(out, this.#columns[i]!.form, cells[i]!);
    }
    out.byte(CLOSE);
  }

  /**
   * Appends the line, without its newline, of one row.
   *
   * @throws Error for a value that its column cannot have; `out` is then as before.
   */
  write(cells: readonly ServerCell[]): void {
    const { out } = this;
    const from = out.at;
    try {
      out.byte(OPEN);
      for (let i = 0; i < this.#columns.length; i++) {
        out.put(this.#names[i]!);
        writeCell(out, this.#columns[i]!.form, cells[i]!);
      }
      out.byte(CLOSE);
    } catch (error) {
      out.at = from;
      throw error;
    }
    if (this.#isRaw) this.#makeRaw(from);
  }

  /** Makes the written line raw. Its document has numbers for names; here it gets the real ones. */
  #makeRaw(from: number): void {
    const decoded = this.#decoder.out;
    decoded.clear();
    this.#decoder.decode(this.out.bytes, from, this.out.at);
    const document = Buffer.from(decoded.written());
    const elements = [...BSON.onDemand.parseToElements(document)].map(([type, , , offset, length], i) =>
      Buffer.concat([
        Uint8Array.of(type),
        Buffer.from(`${this.#columns[i]!.name}\0`),
        document.subarray(offset, offset + length),
      ]),
    );
    this.out.at = from;
    this.out.ascii(rawLineOf(elements));
  }
}
