import { fromByteText, toByteText } from "./byte-text.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts the byte text of a line's object into its top-level fields, values unread.
 *
 * JSON.parse would move integer-like names inside the values to the front and
 * costs more than twice as much (bench/hot-paths.ts); a value's text is what columns of
 * documents and `_extra` keep anyway. Documents of one collection mostly have
 * the same names in the same order, so a name is first compared with the one
 * that stood there last time.
 */
export class LineFields {
  /** Real text. */
  readonly names: string[] = [];
  /** Byte text, as it stands in the line. */
  readonly texts: string[] = [];
  count = 0;
  readonly #expected: string[] = [];

  /**
   * Reads the line in [start, end) of `block`.
   *
   * @throws Error when it is not one JSON object without white space between its parts.
   */
  read(block: string, start: number, end: number): void {
    this.count = 0;
    if (block.charCodeAt(start) !== OPEN_BRACE) throw new Error("it does not begin with {");
    if (end === start + 2 && block.charCodeAt(start + 1) === CLOSE_BRACE) return;
    const expected = (what: string, at: number): Error =>
      new Error(`${what} was expected at byte ${at - start + 1}`);
    for (let at = start + 1; ;) {
      let valueAt = this.#expectedName(block, at);
      if (valueAt < 0) {
        if (block.charCodeAt(at) !== QUOTE) throw expected("a name", at);
        const nameEnd = stringEnd(block, at, end);
        if (block[nameEnd] !== ":") throw expected("a colon", nameEnd);
        this.#keepName(block.slice(at, nameEnd));
        valueAt = nameEnd + 1;
      }
      const next = valueEnd(block, valueAt, end);
      if (next === valueAt) throw expected("a value", at);
      this.texts[this.count++] = block.slice(valueAt, next);
      const separator = block.charCodeAt(next);
      if (next === end - 1 && separator === CLOSE_BRACE) return;
      if (separator !== COMMA) throw expected("a comma", next);
      at = next + 1;
    }
  }

  #expectedName(block: string, at: number): number {
    const expected = this.#expected[this.count];
    return expected !== undefined && block.startsWith(expected, at) ? at + expected.length : -1;
  }

  /** Both are made anew from the bytes: a slice would keep its whole block in memory. */
  #keepName(quoted: string): void {
    const text = fromByteText(quoted);
    this.#expected[this.count] = `${toByteText(text)}:`;
    this.names[this.count] = JSON.parse(text) as string;
  }
}

/** Where the value that begins at `at` ends. */
function valueEnd(block: string, at: number, end: number): number {
  const first = block.charCodeAt(at);
  if (first === QUOTE) return stringEnd(block, at, end);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return wordEnd(block, at, end);
  let depth = 0;
  for (let i = at; i < end;) {
    const unit = block.charCodeAt(i);
    if (unit === QUOTE) {
      i = stringEnd(block, i, end);
      continue;
    }
    if (unit === OPEN_BRACE || unit === OPEN_BRACKET) depth++;
    else if ((unit === CLOSE_BRACE || unit === CLOSE_BRACKET) && --depth === 0) return i + 1;
    i++;
  }
  throw new Error("it ends inside a value");
}

/** Behind the quote that closes the string that opens at `at`. */
function stringEnd(block: string, at: number, end: number): number {
  for (let i = block.indexOf('"', at + 1); i >= 0 && i < end; i = block.indexOf('"', i + 1)) {
    let slashes = 0;
    while (block.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return i + 1;
  }
  throw new Error("it ends inside a string");
}

/** The end of true, false, null or a number. */
function wordEnd(block: string, at: number, end: number): number {
  let i = at;
  while (i < end && block.charCodeAt(i) !== COMMA && block.charCodeAt(i) !== CLOSE_BRACE) i++;
  return i;
}
