import { HEX_DIGIT, type LineCursor } from "./line-cursor.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { readBase64 } from "./read-base64.ts";
import { readDecimal128, readDouble, readInt64, readInteger } from "./read-number.ts";
import { readString } from "./read-string.ts";
import * as T from "../tokens.ts";

/** The result for an object that is no wrapper; no BSON type has this number. */
export const NO_WRAPPER = 0;

/**
 * Writes the value of the wrapper that comes next, except code, and returns its type. If the object is no
 * wrapper, it reads nothing and returns `NO_WRAPPER`. The letters behind `{"$`, `{"$d` and `{"$number` leave
 * only one possible wrapper.
 */
export function readWrapped(line: LineCursor, out: LineBuffer): number {
  switch (line.source[line.at + 3]) {
    case 0x6e: // n
      return readNumber(line, out);
    case 0x6f: // o
      if (!line.take(T.OBJECT_ID)) return NO_WRAPPER;
      readObjectId(line, out);
      return 0x07;
    case 0x64: // d
      if (!line.take(T.DATE)) return readDbPointer(line, out);
      readInt64(line, out);
      line.expect(T.END_END);
      return 0x09;
    case 0x62: // b
      return readBinary(line, out);
    case 0x74: // t
      return readTimestamp(line, out);
    case 0x72: // r
      return readRegularExpression(line, out);
    case 0x73: // s
      if (!line.take(T.SYMBOL)) return NO_WRAPPER;
      readText(line, out);
      line.expect(T.CLOSE);
      return 0x0e;
    case 0x75: // u
      return line.take(T.UNDEFINED) ? 0x06 : NO_WRAPPER;
    case 0x6d: // m
      return line.take(T.MIN_KEY) ? 0xff : line.take(T.MAX_KEY) ? 0x7f : NO_WRAPPER;
    default:
      return NO_WRAPPER;
  }
}

/** Reads a string; BSON puts its length before it and a zero behind it. */
export function readText(line: LineCursor, out: LineBuffer): void {
  const from = out.at;
  out.int32(0);
  readString(line, out);
  out.byte(0);
  out.int32At(from, out.at - from - 4);
}

/** Reads a string that BSON ends with a zero, and that therefore cannot contain one. */
export function readZeroEnded(line: LineCursor, out: LineBuffer): void {
  const { at } = line;
  if (readString(line, out)) line.fail("zero", at);
  out.byte(0);
}

function readNumber(line: LineCursor, out: LineBuffer): number {
  let type: number;
  if (line.take(T.INT32)) {
    type = 0x10;
    out.int32(readInteger(line, -0x80000000, 0x7fffffff));
  } else if (line.take(T.DOUBLE)) {
    type = 0x01;
    readDouble(line, out);
  } else if (line.take(T.INT64)) {
    type = 0x12;
    readInt64(line, out);
  } else if (line.take(T.DECIMAL128)) {
    type = 0x13;
    readDecimal128(line, out);
  } else return NO_WRAPPER;
  line.expect(T.END);
  return type;
}

function readObjectId(line: LineCursor, out: LineBuffer): void {
  for (let i = 0; i < 12; i++) out.byte(readHexByte(line));
  line.expect(T.END);
}

function readHexByte(line: LineCursor): number {
  const { source, at } = line;
  const high = HEX_DIGIT[source[at]!]!;
  const low = HEX_DIGIT[source[at + 1]!]!;
  if (!(high >= 0 && low >= 0)) line.fail("hexadecimal-missing");
  line.at = at + 2;
  return high * 16 + low;
}

/** Reads a binary. BSON has the subtype first, and for subtype 2 a second length before the bytes. */
function readBinary(line: LineCursor, out: LineBuffer): number {
  if (!line.take(T.BINARY)) return NO_WRAPPER;
  const from = out.at;
  out.int32(0);
  out.byte(0);
  readBase64(line, out);
  line.expect(T.SUB_TYPE);
  const subType = readHexByte(line);
  line.expect(T.END_END);
  if (subType === 2) {
    const length = out.at - from - 5;
    out.reserve(4);
    out.bytes.copyWithin(from + 9, from + 5, out.at);
    out.int32At(from + 5, length);
    out.at += 4;
  }
  out.int32At(from, out.at - from - 5);
  out.bytes[from + 4] = subType;
  return 0x05;
}

/** Reads a timestamp. BSON has the increment first. */
function readTimestamp(line: LineCursor, out: LineBuffer): number {
  if (!line.take(T.TIMESTAMP)) return NO_WRAPPER;
  const seconds = readInteger(line, 0, 0xffffffff);
  line.expect(T.INCREMENT);
  out.int32(readInteger(line, 0, 0xffffffff));
  out.int32(seconds);
  line.expect(T.CLOSE_CLOSE);
  return 0x11;
}

/**
 * Reads a regular expression. Its options must be in alphabetical order, each once, as the specification of
 * Extended JSON demands.
 */
function readRegularExpression(line: LineCursor, out: LineBuffer): number {
  if (!line.take(T.REGULAR_EXPRESSION)) return NO_WRAPPER;
  readZeroEnded(line, out);
  line.expect(T.OPTIONS);
  const { at } = line;
  const from = out.at;
  readZeroEnded(line, out);
  for (let i = from + 1; i < out.at - 1; i++)
    if (out.bytes[i]! <= out.bytes[i - 1]!) line.fail("options-order", at);
  line.expect(T.CLOSE_CLOSE);
  return 0x0b;
}

function readDbPointer(line: LineCursor, out: LineBuffer): number {
  if (!line.take(T.DB_POINTER)) return NO_WRAPPER;
  readText(line, out);
  line.expect(T.DB_POINTER_ID);
  line.expect(T.OBJECT_ID);
  readObjectId(line, out);
  line.expect(T.CLOSE_CLOSE);
  return 0x0c;
}
