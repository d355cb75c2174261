import { BSON } from "bson";

/** A value given as its BSON type and bytes, for what the driver's own types cannot say. */
export class RawValue {
  readonly type: number;
  readonly bytes: Buffer;

  constructor(type: number, bytes: Buffer) {
    this.type = type;
    this.bytes = bytes;
  }
}

/** A field: in documents given as lists of fields a name may come twice, and order is what is written. */
export type Field = readonly [name: string, value: unknown];

/** One element as it stands inside a document. */
export function element([name, value]: Field): Buffer {
  if (value instanceof RawValue)
    return Buffer.concat([Buffer.from([value.type]), Buffer.from(`${name}\0`), value.bytes]);
  const document = BSON.serialize(new Map([[name, value]]) as never, { ignoreUndefined: false });
  return Buffer.from(document.subarray(4, -1));
}

export function documentBytes(fields: readonly Field[]): Buffer {
  const body = Buffer.concat(fields.map(element));
  const length = Buffer.alloc(4);
  length.writeInt32LE(body.length + 5);
  return Buffer.concat([length, body, Buffer.alloc(1)]);
}

/** The bytes of a BSON string: length, text, zero. */
export function stringBytes(text: Buffer): Buffer {
  const length = Buffer.alloc(4);
  length.writeInt32LE(text.length + 1);
  return Buffer.concat([length, text, Buffer.alloc(1)]);
}

export interface FoundElement {
  readonly type: number;
  /** In latin1, for a name need not be UTF-8. */
  readonly rawName: string;
  readonly name: string;
  readonly value: Buffer;
  readonly whole: Buffer;
}

/** The top-level elements of a document, in order. */
export function elementsOf(document: Buffer): FoundElement[] {
  return [...BSON.onDemand.parseToElements(document)].map(([type, nameAt, nameLength, at, length]) => ({
    type: type & 0xff,
    rawName: document.toString("latin1", nameAt, nameAt + nameLength),
    name: document.toString("utf8", nameAt, nameAt + nameLength),
    value: document.subarray(at, at + length),
    whole: document.subarray(nameAt - 1, at + length),
  }));
}
