import { Decimal128 } from "bson";
import type { LineBuffer } from "./line-buffer.ts";

const BILLION = 1_000_000_000;

/** Writes a whole number within ±(2^53 - 1) in decimal. */
export function writeInteger(out: LineBuffer, value: number): void {
  out.reserve(17);
  let rest = value;
  if (rest < 0) {
    out.bytes[out.at++] = 0x2d;
    rest = -rest;
  }
  writeDigits(out, rest, digitCount(rest));
}

/**
 * Writes the 64-bit signed integer at `from`, exactly. Without BigInt: its
 * conversion costs as much as the rest of a small document.
 */
export function writeInt64(out: LineBuffer, source: Buffer, from: number): void {
  let low = source.readUInt32LE(from);
  let high = source.readInt32LE(from + 4);
  out.reserve(21);
  if (high < 0) {
    out.bytes[out.at++] = 0x2d;
    low = (~low + 1) >>> 0;
    high = (~high + (low === 0 ? 1 : 0)) >>> 0;
  }
  // Long division of high:low by 10^9, sixteen bits at a time, so that every step is exact in a double.
  const quotientHigh = Math.floor(high / BILLION);
  const middle = (high % BILLION) * 65536 + (low >>> 16);
  const quotientMiddle = Math.floor(middle / BILLION);
  const last = (middle % BILLION) * 65536 + (low & 0xffff);
  const quotientLow = Math.floor(last / BILLION);
  const upper = quotientHigh * 4294967296 + quotientMiddle * 65536 + quotientLow;
  const lower = last % BILLION;
  if (upper === 0) writeDigits(out, lower, digitCount(lower));
  else {
    writeDigits(out, upper, digitCount(upper));
    writeDigits(out, lower, 9);
  }
}

/** The text of a finite double in canonical Extended JSON: the shortest that reads back as the same bits, always with a point. */
export function doubleText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const text = Math.abs(value) >= 1e16 ? value.toExponential() : String(value);
  const mark = text.indexOf("e");
  if (mark < 0) return text;
  const mantissa = text.slice(0, mark);
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${text.slice(mark + 1)}`;
}

/** Writes the double at `from`; false for a NaN whose bits are not the usual ones, which text cannot say. */
export function writeDouble(out: LineBuffer, source: Buffer, from: number): boolean {
  const value = source.readDoubleLE(from);
  if (Number.isFinite(value)) {
    out.ascii(doubleText(value));
    return true;
  }
  if (!Number.isNaN(value)) {
    out.ascii(value > 0 ? "Infinity" : "-Infinity");
    return true;
  }
  if (source.readUInt32LE(from) !== 0 || source.readUInt32LE(from + 4) !== 0x7ff80000) return false;
  out.ascii("NaN");
  return true;
}

/** Writes the Decimal128 at `from`; false for an encoding other than the one its text gives back. */
export function writeDecimal128(out: LineBuffer, source: Buffer, from: number): boolean {
  const bytes = source.subarray(from, from + 16);
  const text = new Decimal128(Buffer.from(bytes)).toString();
  if (!Buffer.from(Decimal128.fromString(text).bytes).equals(bytes)) return false;
  out.ascii(text);
  return true;
}

function digitCount(value: number): number {
  let count = 1;
  for (let limit = 10; value >= limit && count < 16; limit *= 10) count++;
  return count;
}

function writeDigits(out: LineBuffer, value: number, count: number): void {
  const { bytes } = out;
  let rest = value;
  let at = out.at + count;
  out.at = at;
  for (let i = 0; i < count; i++) {
    const next = Math.floor(rest / 10);
    bytes[--at] = 0x30 + (rest - next * 10);
    rest = next;
  }
}
