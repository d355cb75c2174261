import { createHash, hash } from "node:crypto";
import { sha256TextOf } from "@firebreak/archive";

/**
 * The way from a CSV cell to a value's canonical bytes; a server makes the same bytes:
 * - `text`: the cell's bytes; the server's own text of the column.
 * - `binary`: the bytes that the cell encodes as base64.
 * - `double`: the eight bytes of the IEEE 754 number, little-endian. Servers spell doubles differently, but
 *   the well-known binary of a point holds its coordinates bit by bit.
 * - `member`: the digits of the number of an ENUM's or SET's value.
 * - `mixed`: the cell is `t` and text, or `b` and base64 of bytes; the canonical bytes are the letter and the
 *   text or the bytes. It is for text in a character set that UTF-8 does not give back completely. On both
 *   sides, a value that comes back as the same bytes is text.
 */
export type CellForm = "text" | "binary" | "double" | "member" | "mixed";

/**
 * The content that a row's hash is the SHA-256 of, for each column in order:
 * - `values`: `-` for NULL, else `LENGTH:BYTES`, the length in decimal.
 * - `value-hashes`: `-` for NULL, else the SHA-256 of the bytes in lower-case hex. It is for tables with rows
 *   so large that their joined values could pass a server's max_allowed_packet, above which string functions
 *   return NULL.
 */
export type RowEncoding = "values" | "value-hashes";

/** The first letter of a mixed cell: bytes as base64, or text. */
export const BYTES_MARK = "b";
export const TEXT_MARK = "t";

const DASH = 0x2d;
const COLON = 0x3a;
const ZERO = 0x30;

/** Hashes rows of one table, cell by cell, in a buffer of its own. */
export class RowHasher {
  readonly #forms: readonly CellForm[];
  readonly #encoding: RowEncoding;
  #bytes: Buffer = Buffer.allocUnsafeSlow(4 * 1024);
  /** Canonical bytes of the last row hashed, framing included. */
  rowBytes = 0;
  /** Canonical bytes of the largest value hashed so far. */
  largestValueBytes = 0;

  constructor(forms: readonly CellForm[], encoding: RowEncoding) {
    this.#forms = forms;
    this.#encoding = encoding;
  }

  /** Returns the SHA-256 of one row, given as CSV cells in byte text, in column order. */
  hash(cells: readonly (string | null)[]): Buffer {
    return Buffer.from(this.hashText(cells), "latin1");
  }

  /**
   * Returns the same hash as byte text of 32 letters, for `TableDigest.addText`. This saves a buffer for
   * every row.
   */
  hashText(cells: readonly (string | null)[]): string {
    let at = 0;
    for (let i = 0; i < cells.length; i++) {
      const cell = cells[i]!;
      if (cell === null) {
        this.#reserve(at, 1);
        this.#bytes[at++] = DASH;
      } else if (this.#encoding === "value-hashes") {
        this.#reserve(at, 64);
        const form = this.#forms[i]!;
        const length = canonicalLength(cell, form);
        if (length > this.largestValueBytes) this.largestValueBytes = length;
        at += this.#bytes.write(valueHash(cell, form), at, "latin1");
      } else at = this.#frame(cell, this.#forms[i]!, at);
    }
    this.rowBytes = at;
    return sha256TextOf(this.#bytes.subarray(0, at));
  }

  #frame(cell: string, form: CellForm, from: number): number {
    const length = canonicalLength(cell, form);
    if (length > this.largestValueBytes) this.largestValueBytes = length;
    this.#reserve(from, 11 + length);
    const at = this.#header(from, length);
    switch (form) {
      case "text":
      case "member":
        this.#writeText(cell, at);
        break;
      case "binary":
        this.#bytes.write(cell, at, "base64");
        break;
      case "double":
        this.#bytes.writeDoubleLE(Number(cell), at);
        break;
      case "mixed":
        canonicalBytes(cell, form).copy(this.#bytes, at);
        break;
    }
    return at + length;
  }

  /** Writes short texts by a loop, because a native call costs more than forty bytes do. */
  #writeText(cell: string, from: number): void {
    if (cell.length > 40) {
      this.#bytes.write(cell, from, "latin1");
      return;
    }
    const bytes = this.#bytes;
    for (let i = 0; i < cell.length; i++) bytes[from + i] = cell.charCodeAt(i);
  }

  #header(from: number, length: number): number {
    const bytes = this.#bytes;
    let at = from;
    if (length >= 1000) at += bytes.write(String(length), at, "latin1");
    else {
      if (length >= 100) bytes[at++] = ZERO + Math.floor(length / 100);
      if (length >= 10) bytes[at++] = ZERO + (Math.floor(length / 10) % 10);
      bytes[at++] = ZERO + (length % 10);
    }
    bytes[at++] = COLON;
    return at;
  }

  #reserve(at: number, count: number): void {
    if (at + count <= this.#bytes.length) return;
    const grown = Buffer.allocUnsafeSlow(Math.max(this.#bytes.length * 2, at + count));
    this.#bytes.copy(grown, 0, 0, at);
    this.#bytes = grown;
  }
}

/**
 * The number of letters in a piece of a value that is hashed piece by piece. Four letters of base64 make 3
 * bytes.
 */
const PIECE = 1 << 18;

/** Returns the SHA-256 of a value's canonical bytes, in hex, without having all the bytes in memory. */
function valueHash(cell: string, form: CellForm): string {
  if (cell.length <= PIECE) return hash("sha256", canonicalBytes(cell, form), "hex");
  const isBytes = form === "binary" || (form === "mixed" && cell.startsWith(BYTES_MARK));
  const sum = createHash("sha256");
  let at = 0;
  if (form === "mixed" && isBytes) sum.update(cell.slice(0, ++at), "latin1");
  for (; at < cell.length; at += PIECE) sum.update(cell.slice(at, at + PIECE), isBytes ? "base64" : "latin1");
  return sum.digest("hex");
}

/** Returns the canonical bytes of a cell in byte text that is not NULL. */
export function canonicalBytes(cell: string, form: CellForm): Buffer {
  switch (form) {
    case "text":
    case "member":
      return Buffer.from(cell, "latin1");
    case "binary":
      return Buffer.from(cell, "base64");
    case "double": {
      const bytes = Buffer.allocUnsafe(8);
      bytes.writeDoubleLE(Number(cell));
      return bytes;
    }
    case "mixed":
      return cell.startsWith(BYTES_MARK)
        ? Buffer.concat([Buffer.from(BYTES_MARK), Buffer.from(cell.slice(1), "base64")])
        : Buffer.from(cell, "latin1");
  }
}

function canonicalLength(cell: string, form: CellForm): number {
  switch (form) {
    case "text":
    case "member":
      return cell.length;
    case "binary":
      return base64Length(cell);
    case "double":
      return 8;
    case "mixed":
      return cell.startsWith(BYTES_MARK) ? 1 + base64Length(cell.slice(1)) : cell.length;
  }
}

/** Returns the number of bytes that canonical base64 encodes. */
export function base64Length(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}
