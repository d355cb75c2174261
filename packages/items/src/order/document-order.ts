import { BSON, Decimal128 } from "bson";
import {
  textFields,
  type CollectionTexts,
  LineDecoder,
  RAW_LINE_START,
  rawLineDocument,
} from "@firebreak/archive";
import { doubleOrder, numberOrder } from "./number-order.ts";

/** Ends a text: it is no type's rank, and it sorts before all ranks. */
const END = "\0";
/** Follows a NUL in a text, to tell it from the end. */
const NOT_END = "\xff";

/** The order of types (MongoDB manual, "Comparison/Sort Order"; `canonicalizeBSONType` in its source). */
const RANK = {
  minKey: "\x01",
  undefined: "\x02",
  null: "\x05",
  number: "\x0a",
  string: "\x0f",
  object: "\x14",
  array: "\x19",
  binary: "\x1e",
  objectId: "\x23",
  boolean: "\x28",
  date: "\x2d",
  timestamp: "\x2f",
  regex: "\x32",
  dbPointer: "\x37",
  code: "\x3c",
  codeWithScope: "\x41",
  maxKey: "\x7f",
} as const;

/** A value's place among all: the rank of its type, and its place among the values of the type. */
interface Order {
  readonly rank: string;
  readonly content: string;
}

const decoder = new LineDecoder();

/**
 * Returns byte text that sorts as MongoDB sorts the `_id` of a key line in an index without a collation. It
 * is equal if the server takes two keys for one. Strings sort by their bytes, numbers of all types by their
 * value.
 *
 * @throws Error if the text is no key line.
 */
export function documentOrder(keyLine: string): string {
  return keyOrder(documentOf(keyLine));
}

/**
 * Returns the order of a collection's keys, which is undefined for a key whose place is not known:
 * one with strings in a collection with a collation of its own, and one that is not valid BSON.
 * No server stores such a key, but a dump can hold one.
 */
export function collectionOrder({ optionsText }: CollectionTexts): (keyLine: string) => string | undefined {
  const hasCollation = textFields(optionsText).has("collation");
  return (keyLine) => {
    const document = documentOf(keyLine);
    try {
      return hasCollation && hasStrings(document) ? undefined : keyOrder(document);
    } catch {
      return undefined;
    }
  };
}

function keyOrder(document: Buffer): string {
  const [id] = BSON.onDemand.parseToElements(document);
  if (id === undefined) throw new Error("a key line has no key");
  const { rank, content } = orderOf(document, id);
  return `${rank}${content}`;
}

/** Returns the BSON document of a key line. */
export function documentOf(keyLine: string): Buffer {
  if (keyLine.startsWith(RAW_LINE_START)) return rawLineDocument(keyLine);
  const line = Buffer.from(keyLine, "latin1");
  decoder.out.clear();
  decoder.decode(line, 0, line.length);
  return Buffer.from(decoder.out.written());
}

function hasStrings(document: Buffer): boolean {
  for (const [type, , , offset, length] of BSON.onDemand.parseToElements(document)) {
    if (type === 0x02 || type === 0x0e) return true;
    if ((type === 0x03 || type === 0x04) && hasStrings(document.subarray(offset, offset + length)))
      return true;
  }
  return false;
}

/** Returns the order of a value. Types: the BSON specification, version 1.1. */
function orderOf(from: Buffer, [type, , , offset, length]: BSON.OnDemand["BSONElement"]): Order {
  const bytes = (start: number, end: number): string => from.toString("latin1", start, end);
  switch (type & 0xff) {
    case 0xff:
      return { rank: RANK.minKey, content: "" };
    case 0x06:
      return { rank: RANK.undefined, content: "" };
    case 0x0a:
      return { rank: RANK.null, content: "" };
    case 0x01:
      return { rank: RANK.number, content: doubleOrder(from.readDoubleLE(offset)) };
    case 0x10:
      return { rank: RANK.number, content: numberOrder(String(from.readInt32LE(offset))) };
    case 0x12:
      return { rank: RANK.number, content: numberOrder(String(from.readBigInt64LE(offset))) };
    case 0x13:
      return {
        rank: RANK.number,
        content: numberOrder(new Decimal128(from.subarray(offset, offset + 16)).toString()),
      };
    case 0x02:
    case 0x0e:
      return { rank: RANK.string, content: textOrder(bytes(offset + 4, offset + length - 1)) };
    case 0x03:
      return { rank: RANK.object, content: fieldsOrder(from.subarray(offset, offset + length), true) };
    case 0x04:
      return { rank: RANK.array, content: fieldsOrder(from.subarray(offset, offset + length), false) };
    case 0x05: {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(from.readUInt32LE(offset));
      return { rank: RANK.binary, content: size.toString("latin1") + bytes(offset + 4, offset + length) };
    }
    case 0x07:
      return { rank: RANK.objectId, content: bytes(offset, offset + 12) };
    case 0x08:
      return { rank: RANK.boolean, content: from[offset] === 0 ? "\0" : "\x01" };
    case 0x09:
      return { rank: RANK.date, content: big(from.readBigInt64LE(offset) + 2n ** 63n) };
    case 0x11:
      return { rank: RANK.timestamp, content: big(from.readBigUInt64LE(offset)) };
    case 0x0b: {
      const [pattern = "", options = ""] = bytes(offset, offset + length).split("\0");
      return { rank: RANK.regex, content: `${pattern}${END}${options}${END}` };
    }
    case 0x0c: {
      const size = Buffer.alloc(4);
      size.writeUInt32BE(length);
      return { rank: RANK.dbPointer, content: size.toString("latin1") + bytes(offset, offset + length) };
    }
    case 0x0d:
      return { rank: RANK.code, content: textOrder(bytes(offset + 4, offset + length - 1)) };
    case 0x0f: {
      const codeAt = offset + 4;
      const scopeAt = codeAt + 4 + from.readInt32LE(codeAt);
      const scope = fieldsOrder(from.subarray(scopeAt, offset + length), true);
      return { rank: RANK.codeWithScope, content: textOrder(bytes(codeAt + 4, scopeAt - 1)) + scope };
    }
    case 0x7f:
      return { rank: RANK.maxKey, content: "" };
    default:
      throw new Error(`a key has a value of the type ${type}`);
  }
}

/**
 * Returns the order of fields: each by its type first, then its name, then its content. In arrays names do
 * not count.
 */
function fieldsOrder(document: Buffer, hasNames: boolean): string {
  let order = "";
  for (const element of BSON.onDemand.parseToElements(document)) {
    const [, nameAt, nameLength] = element;
    const { rank, content } = orderOf(document, element);
    const name = hasNames ? `${document.toString("latin1", nameAt, nameAt + nameLength)}${END}` : "";
    order += `${rank}${name}${content}`;
  }
  return `${order}${END}`;
}

function textOrder(text: string): string {
  return `${text.replaceAll("\0", `\0${NOT_END}`)}${END}`;
}

function big(value: bigint): string {
  const bytes = Buffer.alloc(8);
  bytes.writeBigUInt64BE(value);
  return bytes.toString("latin1");
}
