import { ReasonError, toByteText, WRAPPER_NAMES, asObject } from "@firebreak/archive";
import { BSON, EJSON } from "bson";
import { BSON_TYPE, documentOf, type Element } from "./elements.ts";
import { dumpReason, type JsonExpected } from "./mongodump-reasons.ts";

/** A BSON value. */
type Value = Omit<Element, "name">;

const UNDEFINED = 0x06;
const MAX_DEPTH = 200;

/**
 * Converts a text in Extended JSON, relaxed, canonical or both mixed, into a BSON document.
 *
 * Numbers without a wrapper become int32 if they fit, then int64, then doubles, as in mongorestore. The text
 * is parsed here because JSON.parse would move names like `1` to the front and keep only one of two equal
 * names: an index on `{b: 1, "1": 1}` differs from one on `{"1": 1, b: 1}`.
 *
 * @throws Error with the character at which the text is wrong.
 */
export function bsonOfExtendedJson(text: string): Buffer {
  const reader = new Reader(text);
  const { type, value } = reader.value(0);
  reader.expectEnd();
  if (type !== BSON_TYPE.object) throw new ReasonError(dumpReason("not-a-document", { name: undefined }));
  return value;
}

class Reader {
  readonly #text: string;
  #at = 0;

  constructor(text: string) {
    this.#text = text;
  }

  value(depth: number): Value {
    if (depth > MAX_DEPTH) throw this.#wrong("fewer-levels");
    switch (this.#peek()) {
      case "{":
        return this.#object(depth);
      case "[":
        return this.#array(depth);
      case '"':
        return valueOf(this.#string());
      default:
        return this.#word();
    }
  }

  expectEnd(): void {
    if (this.#peek() !== undefined) throw this.#wrong("end");
  }

  #object(depth: number): Value {
    const start = this.#at;
    const elements: Element[] = [];
    let firstName: string | undefined;
    this.#list("{", "}", () => {
      if (this.#peek() !== '"') throw this.#wrong("name");
      const name = this.#string();
      firstName ??= name;
      this.#take(":");
      elements.push(elementOf(name, this.value(depth + 1)));
    });
    if (firstName !== undefined && WRAPPER_NAMES.has(firstName))
      return this.#wrapped(firstName, this.#text.slice(start, this.#at));
    return { type: BSON_TYPE.object, value: documentOf(elements) };
  }

  /** Converts an object that represents a value of another type. */
  #wrapped(name: string, text: string): Value {
    const { v: value } = asObject(EJSON.parse(`{"v":${text}}`, { relaxed: false }));
    // The bson package returns null for the one wrapper whose type it has no class for.
    if (value === null) return { type: UNDEFINED, value: Buffer.alloc(0) };
    const isValue = typeof value === "object" && (value instanceof Date || "_bsontype" in value);
    if (!isValue || !isSound(name, text, value)) throw this.#wrong("other-value", text);
    return valueOf(value);
  }

  #array(depth: number): Value {
    const elements: Element[] = [];
    this.#list("[", "]", () => {
      elements.push(elementOf(String(elements.length), this.value(depth + 1)));
    });
    return { type: BSON_TYPE.array, value: documentOf(elements) };
  }

  #list(opening: string, closing: string, item: () => void): void {
    this.#take(opening);
    if (this.#peek() !== closing) {
      item();
      while (this.#peek() === ",") {
        this.#take(",");
        item();
      }
    }
    this.#take(closing);
  }

  #string(): string {
    const [found] = this.#match(/"(?:[^"\\]|\\.)*"/sy, "string");
    try {
      return String(JSON.parse(found));
    } catch {
      throw this.#wrong("string");
    }
  }

  /** Parses true, false, null or a number. */
  #word(): Value {
    const [found] = this.#match(/true|false|null|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y, "value");
    if (/^[tfn]/.test(found)) return valueOf(JSON.parse(found));
    const name = numberName(found);
    return this.#wrapped(name, `{"${name}":"${found}"}`);
  }

  #match(pattern: RegExp, expected: JsonExpected): RegExpExecArray {
    this.#peek();
    pattern.lastIndex = this.#at;
    const found = pattern.exec(this.#text);
    if (found === null) throw this.#wrong(expected);
    this.#at = pattern.lastIndex;
    return found;
  }

  #take(letter: string): void {
    if (this.#peek() !== letter) throw this.#wrong("letter", letter);
    this.#at++;
  }

  #peek(): string | undefined {
    while (" \t\r\n".includes(this.#text[this.#at] ?? "-")) this.#at++;
    return this.#text[this.#at];
  }

  #wrong(expected: JsonExpected, text?: string): Error {
    return new ReasonError(dumpReason("json-wrong", { expected, text, character: this.#at + 1 }));
  }
}

/** Returns the type of a number without a wrapper. */
function numberName(text: string): string {
  if (fits(text, 32)) return "$numberInt";
  return fits(text, 64) ? "$numberLong" : "$numberDouble";
}

/** True if bson reads a value correctly: it misreads invalid numbers and dates as 0, and a DBPointer. */
function isSound(name: string, text: string, value: object): boolean {
  const said = asObject(JSON.parse(text))[name];
  switch (name) {
    case "$numberInt":
      return fits(said, 32);
    case "$numberLong":
      return fits(said, 64);
    case "$numberDouble":
      return typeof said === "string" && (said === "NaN" || !Number.isNaN(Number(said)));
    case "$date":
      return value instanceof Date && !Number.isNaN(value.getTime());
    case "$dbPointer":
      return false;
    default:
      return true;
  }
}

function fits(text: unknown, bits: number): boolean {
  if (typeof text !== "string" || !/^-?\d+$/.test(text)) return false;
  return BigInt.asIntN(bits, BigInt(text)) === BigInt(text);
}

/** Returns a value as bson writes it, cut out of a document with one element without a name. */
function valueOf(value: unknown): Value {
  const document = Buffer.from(BSON.serialize({ "": value }, { ignoreUndefined: false }));
  return { type: document[4]!, value: document.subarray(6, -1) };
}

function elementOf(name: string, value: Value): Element {
  if (name.includes("\0")) throw new ReasonError(dumpReason("name-with-zero", { name }));
  return { ...value, name: toByteText(name) };
}
