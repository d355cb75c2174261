import { LineBuffer } from "./line-buffer.ts";
import { SeenNames } from "./seen-names.ts";
import * as T from "./tokens.ts";
import { WRAPPER_NAMES } from "./wrapper-names.ts";
import { writeDecimal128, writeDouble, writeInt64, writeInteger } from "./write-number.ts";
import { writeString } from "./write-string.ts";

/** Deeper documents become raw lines: servers stop at 180, and a reader's stack must not be the limit. */
const MAX_DEPTH = 200;
const DOLLAR = 0x24;

/**
 * Writes BSON documents as lines: canonical Extended JSON v2 where that can say
 * the document exactly, else `{"$firebreak":{"bson":"<base64>"}}`.
 *
 * It reads bytes and writes bytes; no object stands between, since building one
 * costs more than the whole encoding and loses what JavaScript cannot hold
 * (duplicate names, integer widths, invalid UTF-8).
 */
export class LineEncoder {
  readonly out: LineBuffer = new LineBuffer();
  #source: Buffer = Buffer.alloc(0);
  #names = new SeenNames();

  /** Appends the line, without its newline, of the document at `start` of `length` bytes. */
  encode(source: Buffer, start: number, length: number): void {
    const before = this.out.at;
    this.#source = source;
    if (this.#document(start, start + length, 0)) return;
    this.out.at = before;
    this.#names.clear();
    this.out.put(T.RAW);
    this.out.ascii(source.toString("base64", start, start + length));
    this.out.put(T.END_END);
  }

  /** Appends one element's value as text; false, with `out` as before, where text cannot say it. */
  encodeValue(source: Buffer, type: number, start: number, end: number): boolean {
    const before = this.out.at;
    this.#source = source;
    if (this.#value(type, start, end, 0) === end) return true;
    this.out.at = before;
    this.#names.clear();
    return false;
  }

  /** Writes the document in [start, end); false where only a raw line can say it. */
  #document(start: number, end: number, depth: number): boolean {
    const { out } = this;
    const source = this.#source;
    if (depth > MAX_DEPTH || end - start < 5 || source.readInt32LE(start) !== end - start) return false;
    const last = end - 1;
    if (source[last] !== 0) return false;
    const mark = this.#names.enter();
    out.reserve(2);
    out.bytes[out.at++] = 0x7b;
    let at = start + 4;
    for (let isFirst = true; at < last; isFirst = false) {
      const type = source[at++]!;
      const nameEnd = nameEndAt(source, at, last);
      if (nameEnd < 0 || !this.#names.add(source, mark, at, nameEnd)) return false;
      if (source[at] === DOLLAR && WRAPPER_NAMES.has(source.toString("latin1", at, nameEnd))) return false;
      out.reserve(4);
      if (!isFirst) out.bytes[out.at++] = 0x2c;
      if (!writeString(out, source, at, nameEnd)) return false;
      out.reserve(1);
      out.bytes[out.at++] = 0x3a;
      at = this.#value(type, nameEnd + 1, last, depth);
      if (at < 0) return false;
    }
    this.#names.leave(mark);
    out.reserve(1);
    out.bytes[out.at++] = 0x7d;
    return at === last;
  }

  /** Writes an array, whose names must be "0", "1", … as every driver writes them: text has no names to keep. */
  #array(start: number, end: number, depth: number): boolean {
    const { out } = this;
    const source = this.#source;
    if (depth > MAX_DEPTH || end - start < 5 || source.readInt32LE(start) !== end - start) return false;
    const last = end - 1;
    if (source[last] !== 0) return false;
    out.reserve(2);
    out.bytes[out.at++] = 0x5b;
    let at = start + 4;
    for (let index = 0; at < last; index++) {
      const type = source[at++]!;
      const nameEnd = nameEndAt(source, at, last);
      if (nameEnd < 0 || !isIndex(source, at, nameEnd, index)) return false;
      out.reserve(2);
      if (index > 0) out.bytes[out.at++] = 0x2c;
      at = this.#value(type, nameEnd + 1, last, depth);
      if (at < 0) return false;
    }
    out.reserve(1);
    out.bytes[out.at++] = 0x5d;
    return at === last;
  }

  /** Writes the value at `at`; returns where the next element begins, or -1. Types: the BSON specification, version 1.1. */
  #value(type: number, at: number, end: number, depth: number): number {
    const { out } = this;
    const source = this.#source;
    const room = end - at;
    switch (type) {
      case 0x01: // double
        if (room < 8) return -1;
        out.put(T.DOUBLE);
        if (!writeDouble(out, source, at)) return -1;
        out.put(T.END);
        return at + 8;
      case 0x02: // string
        return this.#string(at, end);
      case 0x03: // document
      case 0x04: {
        if (room < 5) return -1;
        const next = at + source.readInt32LE(at);
        if (next < at + 5 || next > end) return -1;
        return (type === 0x03 ? this.#document(at, next, depth + 1) : this.#array(at, next, depth + 1))
          ? next
          : -1;
      }
      case 0x05:
        return this.#binary(at, end);
      case 0x06: // undefined
        out.put(T.UNDEFINED);
        return at;
      case 0x07: // ObjectId
        if (room < 12) return -1;
        this.#objectId(at);
        return at + 12;
      case 0x08: // boolean
        if (room < 1 || source[at]! > 1) return -1;
        out.put(source[at] === 1 ? T.TRUE : T.FALSE);
        return at + 1;
      case 0x09: // UTC datetime
        if (room < 8) return -1;
        out.put(T.DATE);
        writeInt64(out, source, at);
        out.put(T.END_END);
        return at + 8;
      case 0x0a: // null
        out.put(T.NULL);
        return at;
      case 0x0b:
        return this.#regularExpression(at, end);
      case 0x0c:
        return this.#dbPointer(at, end);
      case 0x0d: // code
      case 0x0e: // symbol
        return this.#wrapped(type === 0x0d ? T.CODE : T.SYMBOL, at, end);
      case 0x0f:
        return this.#codeWithScope(at, end, depth);
      case 0x10: // int32
        if (room < 4) return -1;
        out.put(T.INT32);
        writeInteger(out, source.readInt32LE(at));
        out.put(T.END);
        return at + 4;
      case 0x11: // timestamp: increment, then seconds
        if (room < 8) return -1;
        out.put(T.TIMESTAMP);
        writeInteger(out, source.readUInt32LE(at + 4));
        out.put(T.INCREMENT);
        writeInteger(out, source.readUInt32LE(at));
        out.put(T.CLOSE_CLOSE);
        return at + 8;
      case 0x12: // int64
        if (room < 8) return -1;
        out.put(T.INT64);
        writeInt64(out, source, at);
        out.put(T.END);
        return at + 8;
      case 0x13: // decimal128
        if (room < 16) return -1;
        out.put(T.DECIMAL128);
        if (!writeDecimal128(out, source, at)) return -1;
        out.put(T.END);
        return at + 16;
      case 0xff:
        out.put(T.MIN_KEY);
        return at;
      case 0x7f:
        out.put(T.MAX_KEY);
        return at;
      default:
        return -1;
    }
  }

  #string(at: number, end: number): number {
    const source = this.#source;
    if (end - at < 5) return -1;
    const length = source.readInt32LE(at);
    const next = at + 4 + length;
    if (length < 1 || next > end || source[next - 1] !== 0) return -1;
    return writeString(this.out, source, at + 4, next - 1) ? next : -1;
  }

  #wrapped(opening: Uint8Array, at: number, end: number): number {
    this.out.put(opening);
    const next = this.#string(at, end);
    this.out.put(T.CLOSE);
    return next;
  }

  #objectId(at: number): void {
    this.out.put(T.OBJECT_ID);
    this.out.ascii(this.#source.toString("hex", at, at + 12));
    this.out.put(T.END);
  }

  /** Subtype 2 holds a second length before its bytes; text drops it, so it must be the one implied. */
  #binary(at: number, end: number): number {
    const { out } = this;
    const source = this.#source;
    if (end - at < 5) return -1;
    const length = source.readInt32LE(at);
    const next = at + 5 + length;
    if (length < 0 || next > end) return -1;
    const subType = source[at + 4]!;
    let from = at + 5;
    if (subType === 2) {
      if (length < 4 || source.readInt32LE(from) !== length - 4) return -1;
      from += 4;
    }
    out.put(T.BINARY);
    out.ascii(source.toString("base64", from, next));
    out.put(T.SUB_TYPE);
    out.ascii(source.toString("hex", at + 4, at + 5));
    out.put(T.END_END);
    return next;
  }

  /** Options must stand in alphabetical order, each once, as the specification of Extended JSON wants them. */
  #regularExpression(at: number, end: number): number {
    const { out } = this;
    const source = this.#source;
    const patternEnd = nameEndAt(source, at, end);
    const optionsEnd = patternEnd < 0 ? -1 : nameEndAt(source, patternEnd + 1, end);
    if (optionsEnd < 0) return -1;
    for (let i = patternEnd + 2; i < optionsEnd; i++) if (source[i]! <= source[i - 1]!) return -1;
    out.put(T.REGULAR_EXPRESSION);
    if (!writeString(out, source, at, patternEnd)) return -1;
    out.put(T.OPTIONS);
    if (!writeString(out, source, patternEnd + 1, optionsEnd)) return -1;
    out.put(T.CLOSE_CLOSE);
    return optionsEnd + 1;
  }

  #dbPointer(at: number, end: number): number {
    this.out.put(T.DB_POINTER);
    const next = this.#string(at, end);
    if (next < 0 || end - next < 12) return -1;
    this.out.put(T.DB_POINTER_ID);
    this.#objectId(next);
    this.out.put(T.CLOSE_CLOSE);
    return next + 12;
  }

  #codeWithScope(at: number, end: number, depth: number): number {
    const source = this.#source;
    if (end - at < 14) return -1;
    const next = at + source.readInt32LE(at);
    if (next < at + 14 || next > end) return -1;
    this.out.put(T.CODE);
    const scope = this.#string(at + 4, next);
    if (scope < 0) return -1;
    this.out.put(T.SCOPE);
    if (!this.#document(scope, next, depth + 1)) return -1;
    this.out.put(T.CLOSE);
    return next;
  }
}

function nameEndAt(source: Buffer, from: number, end: number): number {
  for (let at = from; at < end; at++) if (source[at] === 0) return at;
  return -1;
}

function isIndex(source: Buffer, start: number, end: number, index: number): boolean {
  let rest = index;
  let at = end;
  do {
    if (--at < start || source[at] !== 0x30 + (rest % 10)) return false;
    rest = Math.floor(rest / 10);
  } while (rest > 0);
  return at === start;
}
