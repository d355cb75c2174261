import { hash } from "node:crypto";

/**
 * How a value's canonical bytes are made from its CSV cell, and how a server
 * makes the same bytes:
 * - `text`: the cell's UTF-8 bytes; the server's own text of the column.
 * - `binary`: the cell is base64, the canonical bytes are what it stands for.
 * - `double`: the eight bytes of the IEEE 754 number, little-endian: servers
 *   spell doubles differently, but the well-known binary of a point holds its
 *   coordinates bit by bit.
 */
export type CellForm = "text" | "binary" | "double";

/**
 * What a row's hash is the SHA-256 of, for each column in order:
 * - `values`: `-` for NULL, else `LENGTH:BYTES`, the length in decimal.
 * - `value-hashes`: `-` for NULL, else the SHA-256 of the bytes in lower-case hex.
 *   For tables with rows so large that joining their values could pass a server's
 *   max_allowed_packet, above which string functions return NULL.
 */
export type RowEncoding = "values" | "value-hashes";

const DASH = 0x2d;
const COLON = 0x3a;

/** Hashes rows of one table, cell by cell, in a buffer of its own. */
export class RowHasher {
  readonly #forms: readonly CellForm[];
  readonly #encoding: RowEncoding;
  #bytes: Buffer = Buffer.allocUnsafeSlow(64 * 1024);
  /** Canonical bytes of the row last hashed, framing included. */
  rowBytes = 0;
  /** Canonical bytes of the largest value hashed so far. */
  largestValueBytes = 0;

  constructor(forms: readonly CellForm[], encoding: RowEncoding) {
    this.#forms = forms;
    this.#encoding = encoding;
  }

  /** The SHA-256 of one row given as CSV cells in column order. */
  hash(cells: readonly (string | null)[]): Buffer {
    let at = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (cell === null) {
        this.#reserve(at, 1);
        this.#bytes[at++] = DASH;
      } else if (this.#encoding === "value-hashes") {
        this.#reserve(at, 64);
        const value = canonicalBytes(cell, this.#forms[i]!);
        if (value.length > this.largestValueBytes) this.largestValueBytes = value.length;
        at += this.#bytes.write(hash("sha256", value, "hex"), at, "latin1");
      } else at = this.#frame(cell, this.#forms[i]!, at);
    }
    this.rowBytes = at;
    return hash("sha256", this.#bytes.subarray(0, at), "buffer");
  }

  #frame(cell: string, form: CellForm, from: number): number {
    let at = from;
    if (form === "text") {
      this.#reserve(at, 11 + cell.length * 3);
      // Nearly all text is ASCII, whose byte length is known before it is written.
      const headerEnd = this.#header(at, cell.length);
      const length = this.#bytes.write(cell, headerEnd, "utf8");
      if (length === cell.length) return headerEnd + length;
      at = this.#header(at, length);
      return at + this.#bytes.write(cell, at, "utf8");
    }
    const value = canonicalBytes(cell, form);
    this.#reserve(at, 11 + value.length);
    at = this.#header(at, value.length);
    this.#bytes.set(value, at);
    return at + value.length;
  }

  #header(from: number, length: number): number {
    let at = from;
    if (length < 10) this.#bytes[at++] = 0x30 + length;
    else at += this.#bytes.write(String(length), at, "latin1");
    this.#bytes[at++] = COLON;
    if (length > this.largestValueBytes) this.largestValueBytes = length;
    return at;
  }

  #reserve(at: number, count: number): void {
    if (at + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, at + count));
    this.#bytes.copy(grown, 0, 0, at);
    this.#bytes = grown;
  }
}

/** The canonical bytes of a cell that is not NULL. */
export function canonicalBytes(cell: string, form: CellForm): Buffer {
  switch (form) {
    case "text":
      return Buffer.from(cell, "utf8");
    case "binary":
      return Buffer.from(cell, "base64");
    case "double": {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeDoubleLE(Number(cell));
      return bytes;
    }
  }
}
