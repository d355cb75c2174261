import * as T from "../tokens.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { writeDecimal128, writeDouble, writeInt64, writeInteger } from "./write-number.ts";
import { writeString } from "./write-string.ts";

// Each function writes the value at `at`, which ends before `end` if it is valid. It returns the end of the
// value, or -1.

/** Writes a string, which has its length before it and a zero behind it. */
export function writeText(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 5) return -1;
  const length = source.readInt32LE(at);
  const next = at + 4 + length;
  if (length < 1 || next > end || source[next - 1] !== 0) return -1;
  writeString(out, source, at + 4, next - 1);
  return next;
}

export function writeDoubleValue(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 8) return -1;
  out.put(T.DOUBLE);
  if (!writeDouble(out, source, at)) return -1;
  out.put(T.END);
  return at + 8;
}

export function writeDate(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 8) return -1;
  out.put(T.DATE);
  writeInt64(out, source.readInt32LE(at), source.readInt32LE(at + 4));
  out.put(T.END_END);
  return at + 8;
}

/** Writes a timestamp, whose increment comes before its seconds. */
export function writeTimestamp(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 8) return -1;
  out.put(T.TIMESTAMP);
  writeInteger(out, source.readUInt32LE(at + 4));
  out.put(T.INCREMENT);
  writeInteger(out, source.readUInt32LE(at));
  out.put(T.CLOSE_CLOSE);
  return at + 8;
}

export function writeDecimal(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 16) return -1;
  out.put(T.DECIMAL128);
  if (!writeDecimal128(out, source, at)) return -1;
  out.put(T.END);
  return at + 16;
}

export function writeObjectId(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 12) return -1;
  out.put(T.OBJECT_ID);
  out.hex(source, at, at + 12);
  out.put(T.END);
  return at + 12;
}

/**
 * Writes a binary. Subtype 2 has a second length before its bytes; text drops it, so it must follow from the
 * first.
 */
export function writeBinary(out: LineBuffer, source: Buffer, at: number, end: number): number {
  if (end - at < 5) return -1;
  const length = source.readInt32LE(at);
  const next = at + 5 + length;
  if (length < 0 || next > end) return -1;
  let from = at + 5;
  if (source[at + 4] === 2) {
    if (length < 4 || source.readInt32LE(from) !== length - 4) return -1;
    from += 4;
  }
  out.put(T.BINARY);
  writeBase64(out, source, from, next);
  out.put(T.SUB_TYPE);
  out.hex(source, at + 4, at + 5);
  out.put(T.END_END);
  return next;
}

/**
 * Writes a regular expression. Its options must be in alphabetical order, each once, as the specification of
 * Extended JSON demands.
 */
export function writeRegularExpression(out: LineBuffer, source: Buffer, at: number, end: number): number {
  const patternEnd = zeroAt(source, at, end);
  const optionsEnd = patternEnd < 0 ? -1 : zeroAt(source, patternEnd + 1, end);
  if (optionsEnd < 0) return -1;
  for (let i = patternEnd + 2; i < optionsEnd; i++) if (source[i]! <= source[i - 1]!) return -1;
  out.put(T.REGULAR_EXPRESSION);
  writeString(out, source, at, patternEnd);
  out.put(T.OPTIONS);
  writeString(out, source, patternEnd + 1, optionsEnd);
  out.put(T.CLOSE_CLOSE);
  return optionsEnd + 1;
}

export function writeDbPointer(out: LineBuffer, source: Buffer, at: number, end: number): number {
  out.put(T.DB_POINTER);
  const id = writeText(out, source, at, end);
  if (id < 0) return -1;
  out.put(T.DB_POINTER_ID);
  const next = writeObjectId(out, source, id, end);
  out.put(T.CLOSE_CLOSE);
  return next;
}

/** Returns the place of the zero that ends a name or pattern, or -1. */
export function zeroAt(source: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) if (source[at] === 0) return at;
  return -1;
}

/** Returns true if the name in [start, end) is the decimal number of an array's element. */
export function isIndex(source: Buffer, start: number, end: number, index: number): boolean {
  let rest = index;
  let at = end;
  do {
    if (--at < start || source[at] !== 0x30 + (rest % 10)) return false;
    rest = Math.floor(rest / 10);
  } while (rest > 0);
  return at === start;
}

/** Up to this many bytes a loop is faster than native calls. */
const FEW = 240;
/**
 * The number of bytes for one native call, a multiple of three. Otherwise the text of a huge binary would be
 * in memory beside it.
 */
const MANY = 48 * 1024;

const LETTERS = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "latin1");
const EQUALS = 0x3d;

/** Writes bytes as base64 (RFC 4648, section 4), padded. */
export function writeBase64(out: LineBuffer, source: Buffer, start: number, end: number): void {
  if (end - start > FEW) {
    for (let from = start; from < end; from += MANY)
      out.ascii(source.toString("base64", from, Math.min(from + MANY, end)));
    return;
  }
  out.reserve(Math.ceil((end - start) / 3) * 4);
  const { bytes } = out;
  let { at } = out;
  let from = start;
  for (; from + 2 < end; from += 3) {
    const bits = (source[from]! << 16) | (source[from + 1]! << 8) | source[from + 2]!;
    bytes[at++] = LETTERS[bits >> 18]!;
    bytes[at++] = LETTERS[(bits >> 12) & 63]!;
    bytes[at++] = LETTERS[(bits >> 6) & 63]!;
    bytes[at++] = LETTERS[bits & 63]!;
  }
  if (from < end) {
    const second = from + 1 < end ? source[from + 1]! : 0;
    bytes[at++] = LETTERS[source[from]! >> 2]!;
    bytes[at++] = LETTERS[((source[from]! & 3) << 4) | (second >> 4)]!;
    bytes[at++] = from + 1 < end ? LETTERS[(second & 15) << 2]! : EQUALS;
    bytes[at++] = EQUALS;
  }
  out.at = at;
}
