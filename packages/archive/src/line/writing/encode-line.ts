import * as T from "../tokens.ts";
import { isUtf8 } from "node:buffer";
import { LineBuffer } from "../line-buffer.ts";
import { MAX_DEPTH, WRAPPER_NAMES, END_END, RAW } from "../tokens.ts";
import { NameTree, type NameNode } from "./name-tree.ts";
import { writeInt64, writeInteger } from "./write-number.ts";
import { writeString } from "./write-string.ts";
import {
  isIndex,
  writeBinary,
  writeDate,
  writeDbPointer,
  writeDecimal,
  writeDoubleValue,
  writeObjectId,
  writeRegularExpression,
  writeText,
  writeTimestamp,
  zeroAt,
} from "./write-value.ts";

const DOLLAR = 0x24;
const COMMA = 0x2c;
const COLON = 0x3a;

/**
 * Writes BSON documents as lines: canonical Extended JSON v2 if that can say the document exactly, else
 * `{"$firebreak":{"bson":"<base64>"}}`.
 *
 * It reads bytes and writes bytes, with no object between them. Building an object costs more than the whole
 * encoding and loses what JavaScript cannot hold (duplicate names, integer widths, invalid UTF-8).
 */
export class LineEncoder {
  readonly out: LineBuffer = new LineBuffer();
  readonly #names = new NameTree();
  #source: Buffer = Buffer.alloc(0);

  /** Appends the line, without its newline, of the document of `length` bytes at `start`. */
  encode(source: Buffer, start: number, length: number): void {
    const before = this.out.at;
    this.#source = source;
    this.out.isAscii = true;
    if (this.#document(this.#names.first, start, start + length, 0) && this.#isUtf8(before)) return;
    this.out.at = before;
    writeRawLine(this.out, source, start, start + length);
  }

  /** Appends one element's value as text. Returns false, with `out` as before, if text cannot say it. */
  encodeValue(source: Buffer, type: number, start: number, end: number): boolean {
    const before = this.out.at;
    this.#source = source;
    this.out.isAscii = true;
    if (this.#value(type, this.#names.first, start, end, 0) === end && this.#isUtf8(before)) return true;
    this.out.at = before;
    return false;
  }

  #isUtf8(from: number): boolean {
    return this.out.isAscii || isUtf8(this.out.bytes.subarray(from, this.out.at));
  }

  /**
   * Writes the document in [start, end). Returns false if only a raw line can say it.
   *
   * @param before the node before its first name.
   */
  #document(before: NameNode, start: number, end: number, depth: number): boolean {
    const { out } = this;
    const source = this.#source;
    if (!this.#isDocument(start, end, depth)) return false;
    const last = end - 1;
    let name: NameNode | undefined = before;
    out.byte(0x7b);
    let at = start + 4;
    for (let isFirst = true; at < last; isFirst = false) {
      const type = source[at++]!;
      if (!isFirst) out.byte(COMMA);
      const known = this.#names.find(name, source, at);
      if (known !== undefined) {
        name = known;
        out.put(known.to);
        at += known.from.length;
      } else {
        const nameEnd = zeroAt(source, at, last);
        if (nameEnd < 0) return false;
        name = this.#newName(name, at, nameEnd);
        if (name === undefined) return false;
        at = nameEnd + 1;
      }
      if (at > last) return false;
      at = this.#value(type, name, at, last, depth);
      if (at < 0) return false;
    }
    out.byte(0x7d);
    return at === last;
  }

  /** Writes a name that is new at this place. Returns undefined if only a raw line can say it. */
  #newName(before: NameNode, start: number, end: number): NameNode | undefined {
    const { out } = this;
    const source = this.#source;
    const from = out.at;
    if (source[start] === DOLLAR && WRAPPER_NAMES.has(source.toString("latin1", start, end)))
      return undefined;
    writeString(out, source, start, end);
    if (!out.isAscii && !isUtf8(source.subarray(start, end))) return undefined;
    out.byte(COLON);
    const name = this.#names.add(before, source.toString("latin1", start, end + 1));
    if (name?.isKept === true) name.keep(source.subarray(start, end + 1), out.bytes.subarray(from, out.at));
    return name;
  }

  /**
   * Writes an array, whose names must be "0", "1", … as every driver writes them, because its text has no
   * names.
   */
  #array(name: NameNode, start: number, end: number, depth: number): boolean {
    const { out } = this;
    const source = this.#source;
    if (!this.#isDocument(start, end, depth)) return false;
    const last = end - 1;
    out.byte(0x5b);
    let at = start + 4;
    for (let index = 0; at < last; index++) {
      const type = source[at++]!;
      const nameEnd = zeroAt(source, at, last);
      if (nameEnd < 0 || !isIndex(source, at, nameEnd, index)) return false;
      if (index > 0) out.byte(COMMA);
      at = this.#value(type, name, nameEnd + 1, last, depth);
      if (at < 0) return false;
    }
    out.byte(0x5d);
    return at === last;
  }

  #isDocument(start: number, end: number, depth: number): boolean {
    const source = this.#source;
    return (
      depth <= MAX_DEPTH &&
      end - start >= 5 &&
      source.readInt32LE(start) === end - start &&
      source[end - 1] === 0
    );
  }

  /**
   * Writes the value at `at`; returns the start of the next element, or -1. Types: the BSON specification,
   * version 1.1.
   */
  #value(type: number, name: NameNode, at: number, end: number, depth: number): number {
    const { out } = this;
    const source = this.#source;
    const room = end - at;
    switch (type) {
      case 0x01:
        return writeDoubleValue(out, source, at, end);
      case 0x02: // string
        return writeText(out, source, at, end);
      case 0x03: // document
      case 0x04: {
        if (room < 5) return -1;
        const next = at + source.readInt32LE(at);
        if (next < at + 5 || next > end) return -1;
        const isWhole =
          type === 0x03
            ? this.#document(name.inside, at, next, depth + 1)
            : this.#array(name, at, next, depth + 1);
        return isWhole ? next : -1;
      }
      case 0x05:
        return writeBinary(out, source, at, end);
      case 0x06: // undefined
        out.put(T.UNDEFINED);
        return at;
      case 0x07: // ObjectId
        return writeObjectId(out, source, at, end);
      case 0x08: // boolean
        if (room < 1 || source[at]! > 1) return -1;
        out.put(source[at] === 1 ? T.TRUE : T.FALSE);
        return at + 1;
      case 0x09: // UTC datetime
        return writeDate(out, source, at, end);
      case 0x0a: // null
        out.put(T.NULL);
        return at;
      case 0x0b:
        return writeRegularExpression(out, source, at, end);
      case 0x0c:
        return writeDbPointer(out, source, at, end);
      case 0x0d: // code
      case 0x0e: // symbol
        return this.#wrapped(type === 0x0d ? T.CODE : T.SYMBOL, at, end);
      case 0x0f:
        return this.#codeWithScope(name, at, end, depth);
      case 0x10: // int32
        if (room < 4) return -1;
        out.put(T.INT32);
        writeInteger(out, source.readInt32LE(at));
        out.put(T.END);
        return at + 4;
      case 0x11:
        return writeTimestamp(out, source, at, end);
      case 0x12: // int64
        if (room < 8) return -1;
        out.put(T.INT64);
        writeInt64(out, source.readInt32LE(at), source.readInt32LE(at + 4));
        out.put(T.END);
        return at + 8;
      case 0x13:
        return writeDecimal(out, source, at, end);
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

  #wrapped(opening: Uint8Array, at: number, end: number): number {
    this.out.put(opening);
    const next = writeText(this.out, this.#source, at, end);
    this.out.put(T.CLOSE);
    return next;
  }

  #codeWithScope(name: NameNode, at: number, end: number, depth: number): number {
    const source = this.#source;
    if (end - at < 14) return -1;
    const next = at + source.readInt32LE(at);
    if (next < at + 14 || next > end) return -1;
    this.out.put(T.CODE);
    const scope = writeText(this.out, source, at + 4, next);
    if (scope < 0) return -1;
    this.out.put(T.SCOPE);
    if (!this.#document(name.inside, scope, next, depth + 1)) return -1;
    this.out.put(T.CLOSE);
    return next;
  }
}

/** Appends the line that holds these very bytes, for a document that canonical Extended JSON cannot say. */
export function writeRawLine(out: LineBuffer, source: Buffer, start: number, end: number): void {
  out.put(RAW);
  out.ascii(source.toString("base64", start, end));
  out.put(END_END);
}
