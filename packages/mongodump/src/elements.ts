import { BSON } from "bson";

/** One field of a BSON document, its bytes unchanged. */
export interface Element {
  /** The bytes of the name in latin1. */
  readonly name: string;
  readonly type: number;
  readonly value: Buffer;
}

/** The type bytes that changes use (BSON specification, "Grammar"). */
export const BSON_TYPE = {
  string: 2,
  object: 3,
  array: 4,
  boolean: 8,
  null: 10,
  int32: 16,
  timestamp: 17,
  int64: 18,
} as const;

const NOTHING = Buffer.alloc(0);
/** The size of the length at the beginning and the zero at the end. */
const FRAME_BYTES = 5;

/** @throws Error if the bytes are no BSON document. */
export function elementsOf(document: Buffer): Element[] {
  return [...BSON.onDemand.parseToElements(document)].map(([type, nameAt, nameLength, at, length]) => ({
    name: document.toString("latin1", nameAt, nameAt + nameLength),
    type: type & 0xff,
    value: document.subarray(at, at + length),
  }));
}

export function documentOf(elements: readonly Element[]): Buffer {
  const size = elements.reduce((sum, e) => sum + 2 + e.name.length + e.value.length, FRAME_BYTES);
  const document = Buffer.allocUnsafe(size);
  let at = document.writeInt32LE(size);
  for (const { name, type, value } of elements) {
    document[at++] = type;
    at += document.write(name, at, "latin1");
    document[at++] = 0;
    at += value.copy(document, at);
  }
  document[at] = 0;
  return document;
}

export function elementIn(elements: readonly Element[], name: string): Element | undefined {
  return elements.find((e) => e.name === name);
}

export function nullElement(name: string): Element {
  return { name, type: BSON_TYPE.null, value: NOTHING };
}

/** Returns the same value under another name. */
export function renamed({ type, value }: Pick<Element, "type" | "value">, name: string): Element {
  return { name, type, value };
}

export function isNested({ type }: Pick<Element, "type">): boolean {
  return type === BSON_TYPE.object || type === BSON_TYPE.array;
}

/** Returns the value of an Int32 or Int64 element, and NaN for other types. */
export function integerOf({ type, value }: Element): number {
  if (type === BSON_TYPE.int32) return value.readInt32LE();
  return type === BSON_TYPE.int64 ? Number(value.readBigInt64LE()) : Number.NaN;
}

/** Returns the text of a string element, and undefined for other types. */
export function textOf(element: Element | undefined): string | undefined {
  if (element?.type !== BSON_TYPE.string) return undefined;
  return element.value.toString("utf8", 4, element.value.length - 1);
}
