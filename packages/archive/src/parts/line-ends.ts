const QUOTE = 0x22;
const NEWLINE = 0x0a;

/**
 * Checks that the bytes of a part have as many line ends as its writer says. In NDJSON every newline ends a
 * line; in CSV those inside quotes do not.
 */
export class LineEnds {
  readonly #isCsv: boolean;
  #isQuoted = false;
  #isLineBegun = false;

  constructor(isCsv: boolean) {
    this.#isCsv = isCsv;
  }

  /** True if the bytes taken so far end in the middle of a line. */
  get isLineBegun(): boolean {
    return this.#isLineBegun;
  }

  /** Takes the next bytes; returns the number of lines that end in them, at most `most + 1`. */
  take(bytes: Uint8Array, most: number): number {
    const isCsv = this.#isCsv;
    const wasBegun = this.#isLineBegun;
    if (bytes.length > 0) this.#isLineBegun = bytes.at(-1) !== NEWLINE;
    const newlines = countNewlines(bytes, isCsv ? Number.POSITIVE_INFINITY : most + 1);
    // These are whole rows without newlines in their values. A look at the quotes would take twenty times as
    // long.
    if (!isCsv || (newlines === most && !wasBegun && !this.#isLineBegun)) return newlines;
    return this.#countRows(bytes);
  }

  #countRows(bytes: Uint8Array): number {
    let rows = 0;
    let isQuoted = this.#isQuoted;
    for (let i = 0; i < bytes.length; i++) {
      const byte = bytes[i];
      if (byte === QUOTE) isQuoted = !isQuoted;
      else if (byte === NEWLINE && !isQuoted) rows++;
    }
    this.#isQuoted = isQuoted;
    this.#isLineBegun ||= isQuoted;
    return rows;
  }
}

function countNewlines(bytes: Uint8Array, most: number): number {
  let count = 0;
  for (let at = bytes.indexOf(NEWLINE); at >= 0 && count < most; at = bytes.indexOf(NEWLINE, at + 1)) count++;
  return count;
}
