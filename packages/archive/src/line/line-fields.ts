const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts the text of a line's object into its top-level fields, values unread.
 *
 * JSON.parse would move integer-like names inside the values to the front and
 * costs more than twice as much (bench/hot-paths.ts); a value's text is what columns of
 * documents and `_extra` keep anyway. Documents of one collection mostly have
 * the same names in the same order, so a name is first compared with the one
 * that stood there last time.
 */
export class LineFields {
  readonly names: string[] = [];
  readonly texts: string[] = [];
  count = 0;
  readonly #expected: string[] = [];

  /** @throws Error when the line is not one JSON object without white space between its parts. */
  read(line: string): void {
    this.count = 0;
    if (line.charCodeAt(0) !== OPEN_BRACE) throw new Error("it does not begin with {");
    if (line === "{}") return;
    for (let at = 1; ;) {
      const valueAt = this.#readName(line, at);
      const end = valueEnd(line, valueAt);
      this.texts[this.count++] = line.slice(valueAt, end);
      const next = line.charCodeAt(end);
      if (next === CLOSE_BRACE && end === line.length - 1) return;
      if (next !== COMMA) throw new Error(`a comma was expected at character ${end + 1}`);
      at = end + 1;
    }
  }

  #readName(line: string, at: number): number {
    const expected = this.#expected[this.count];
    if (expected !== undefined && line.startsWith(expected, at)) return at + expected.length;
    if (line.charCodeAt(at) !== QUOTE) throw new Error(`a name was expected at character ${at + 1}`);
    const end = stringEnd(line, at);
    if (line[end] !== ":") throw new Error(`a colon was expected at character ${end + 1}`);
    this.#expected[this.count] = line.slice(at, end + 1);
    this.names[this.count] = JSON.parse(line.slice(at, end)) as string;
    return end + 1;
  }
}

/** Where the value that begins at `at` ends. */
function valueEnd(line: string, at: number): number {
  const first = line.charCodeAt(at);
  if (first === QUOTE) return stringEnd(line, at);
  if (first !== OPEN_BRACE && first !== OPEN_BRACKET) return wordEnd(line, at);
  let depth = 0;
  for (let i = at; i < line.length;) {
    const unit = line.charCodeAt(i);
    if (unit === QUOTE) {
      i = stringEnd(line, i);
      continue;
    }
    if (unit === OPEN_BRACE || unit === OPEN_BRACKET) depth++;
    else if ((unit === CLOSE_BRACE || unit === CLOSE_BRACKET) && --depth === 0) return i + 1;
    i++;
  }
  throw new Error("it ends inside a value");
}

/** Behind the quote that closes the string that opens at `at`. */
function stringEnd(line: string, at: number): number {
  for (let end = line.indexOf('"', at + 1); end >= 0; end = line.indexOf('"', end + 1)) {
    let slashes = 0;
    while (line.charCodeAt(end - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return end + 1;
  }
  throw new Error("it ends inside a string");
}

/** The end of true, false, null or a number. */
function wordEnd(line: string, at: number): number {
  let end = at;
  while (end < line.length && line.charCodeAt(end) !== COMMA && line.charCodeAt(end) !== CLOSE_BRACE) end++;
  if (end === at) throw new Error(`a value was expected at character ${at + 1}`);
  return end;
}
