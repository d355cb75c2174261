import { fromByteText, toByteText } from "../byte-text.ts";
import { contentOf, isUuidContent, kindOf, type Kind, isWrapped, WRAPPERS } from "../kinds.ts";
import { lineWrong } from "./line-cursor.ts";

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COMMA = 0x2c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const OPEN_BRACKET = 0x5b;
const CLOSE_BRACKET = 0x5d;

/**
 * Cuts the byte text of a line's object into its top-level fields, with unparsed values.
 *
 * JSON.parse would move integer-like names inside the values to the front and costs more than twice as much
 * (bench/hot-paths.ts); columns of documents and `_extra` keep a value's text anyway. Documents of one
 * collection mostly have the same names in the same order, and values of the same kinds. So it first compares
 * a field with the one that was in its place last time.
 */
export class LineFields {
  /** Real text. */
  readonly names: string[] = [];
  readonly kinds: Kind[] = [];
  /** Byte text as `contentOf` returns it: slices, which keep their block in memory. */
  readonly contents: string[] = [];
  count = 0;
  readonly #expected: FieldStart[] = [];
  readonly #starts: number[] = [];
  readonly #ends: number[] = [];
  #block = "";

  /** Releases the line, and the block that the line keeps in memory. */
  forget(): void {
    this.count = 0;
    this.#block = "";
    this.contents.length = 0;
  }

  /** Returns the whole text of a field's value, in byte text. */
  text(i: number): string {
    return this.#block.slice(this.#starts[i], this.#ends[i]);
  }

  /**
   * Reads the line in [start, end) of `block`.
   *
   * @throws Error if it is not one JSON object without white space between its parts.
   */
  read(block: string, start: number, end: number): void {
    this.count = 0;
    this.#block = block;
    if (block.charCodeAt(start) !== OPEN_BRACE) throw lineWrong("opening", undefined, "{");
    if (end === start + 2 && block.charCodeAt(start + 1) === CLOSE_BRACE) return;
    for (let at = start + 1; ;) {
      let next = this.#readExpected(block, at, end);
      if (next < 0) next = this.#readAny(block, at, start, end);
      this.count++;
      const separator = block.charCodeAt(next);
      if (next === end - 1 && separator === CLOSE_BRACE) return;
      if (separator !== COMMA) throw lineWrong("comma-missing", next - start + 1);
      at = next + 1;
    }
  }

  /** Reads a field that begins like the one in its place last time. Returns -1 if it does not. */
  #readExpected(block: string, at: number, end: number): number {
    const field = this.#expected[this.count];
    if (field === undefined || field.end === "" || !block.startsWith(field.start, at)) return -1;
    const contentAt = at + field.start.length;
    const quote = block.indexOf('"', contentAt);
    if (quote < 0 || quote >= end || !block.startsWith(field.end, quote)) return -1;
    if (field.kind === "string" && block.charCodeAt(quote - 1) === BACKSLASH) return -1;
    if (field.isUuid && !isUuidContent(block, contentAt, quote)) return -1;
    const next = quote + field.end.length;
    this.names[this.count] = field.name;
    this.kinds[this.count] = field.kind;
    this.contents[this.count] = block.slice(contentAt, quote);
    this.#starts[this.count] = at + field.valueAt;
    this.#ends[this.count] = next;
    return next;
  }

  #readAny(block: string, at: number, start: number, end: number): number {
    const field = this.#expected[this.count];
    const isSameName = field !== undefined && block.startsWith(field.start.slice(0, field.valueAt), at);
    const nameEnd = isSameName ? at + field.valueAt - 1 : this.#nameEnd(block, at, start, end);
    const next = valueEnd(block, nameEnd + 1, end);
    if (next === nameEnd + 1) throw lineWrong("value-missing", next - start + 1);
    const text = block.slice(nameEnd + 1, next);
    const kind = kindOf(text);
    if (!isSameName || field.kind !== kind) this.#expect(block.slice(at, nameEnd), kind);
    this.names[this.count] = this.#expected[this.count]!.name;
    this.kinds[this.count] = kind;
    this.contents[this.count] = contentOf(text, kind);
    this.#starts[this.count] = nameEnd + 1;
    this.#ends[this.count] = next;
    return next;
  }

  #nameEnd(block: string, at: number, start: number, end: number): number {
    if (block.charCodeAt(at) !== QUOTE) throw lineWrong("name-missing", at - start + 1);
    const nameEnd = stringEnd(block, at, end);
    if (block[nameEnd] !== ":") throw lineWrong("colon-missing", nameEnd - start + 1);
    return nameEnd;
  }

  /** Makes new texts from the bytes: a slice would keep its whole block in memory. */
  #expect(quotedName: string, kind: Kind): void {
    const text = fromByteText(quotedName);
    this.#expected[this.count] = fieldStart(String(JSON.parse(text)), toByteText(text), kind);
  }
}

/**
 * Returns the unchanged texts of an array's elements.
 *
 * @throws Error if it is not one JSON array without white space between its parts.
 */
export function arrayElements(text: string): string[] {
  if (text.charCodeAt(0) !== OPEN_BRACKET) throw lineWrong("opening", undefined, "[");
  const elements: string[] = [];
  if (text === "[]") return elements;
  for (let at = 1; ;) {
    const next = valueEnd(text, at, text.length);
    if (next === at) throw lineWrong("value-missing", at + 1);
    elements.push(text.slice(at, next));
    const separator = text.charCodeAt(next);
    if (separator === CLOSE_BRACKET && next === text.length - 1) return elements;
    if (separator !== COMMA) throw lineWrong("comma-missing", next + 1);
    at = next + 1;
  }
}

/** Returns the end of the value that begins at `at`. */
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
  throw lineWrong("value-open", undefined);
}

/** Returns the place behind the quote that closes the string that opens at `at`. */
function stringEnd(block: string, at: number, end: number): number {
  for (let i = block.indexOf('"', at + 1); i >= 0 && i < end; i = block.indexOf('"', i + 1)) {
    let slashes = 0;
    while (block.charCodeAt(i - 1 - slashes) === BACKSLASH) slashes++;
    if (slashes % 2 === 0) return i + 1;
  }
  throw lineWrong("string-open", undefined);
}

/** Returns the end of true, false, null or a number. */
function wordEnd(block: string, at: number, end: number): number {
  let i = at;
  for (; i < end; i++) {
    const unit = block.charCodeAt(i);
    if (unit === COMMA || unit === CLOSE_BRACE || unit === CLOSE_BRACKET) break;
  }
  return i;
}

/** The fixed texts around the content of a field with a known name and kind, in byte text. */
export interface FieldStart {
  readonly name: string;
  readonly kind: Kind;
  /** The text from the name's opening quote to the start of the content. */
  readonly start: string;
  /** The number of units from the name's opening quote to the value. */
  readonly valueAt: number;
  /**
   * The text from the quote that ends the content to the end of the value. Empty if no quote ends the
   * content.
   */
  readonly end: string;
  /** True if the content must be that of 16 bytes. */
  readonly isUuid: boolean;
}

/** @param quotedName the name with its quotes, spelled as in the line. */
export function fieldStart(name: string, quotedName: string, kind: Kind): FieldStart {
  const head = `${quotedName}:`;
  const valueAt = head.length;
  const isUuid = kind === "uuid" || kind === "uuidLegacy";
  if (kind === "string") return { name, kind, start: `${head}"`, valueAt, end: '"', isUuid };
  if (!isWrapped(kind)) return { name, kind, start: head, valueAt, end: "", isUuid };
  return { name, kind, start: head + WRAPPERS[kind].start, valueAt, end: WRAPPERS[kind].end, isUuid };
}
