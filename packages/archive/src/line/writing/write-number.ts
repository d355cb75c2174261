import type { LineBuffer } from "../line-buffer.ts";
import { Decimal128 } from "bson";

/** Doubles below this are spelled with an exponent. */
const LEAST_PLAIN = 1e-6;

/**
 * Returns the text of a finite double in canonical Extended JSON: the shortest that reads back as the same
 * bits, always with a point.
 */
export function doubleText(value: number): string {
  if (value === 0) return Object.is(value, -0) ? "-0.0" : "0.0";
  if (Number.isInteger(value) && Math.abs(value) < 1e16) return `${value}.0`;
  const text = Math.abs(value) >= 1e16 ? value.toExponential() : String(value);
  const mark = text.indexOf("e");
  if (mark < 0) return text;
  const mantissa = text.slice(0, mark);
  return `${mantissa.includes(".") ? mantissa : `${mantissa}.0`}E${text.slice(mark + 1)}`;
}

/** Writes the double at `from`. Returns false for a NaN with unusual bits, which text cannot say. */
export function writeDouble(out: LineBuffer, source: Buffer, from: number): boolean {
  const value = source.readDoubleLE(from);
  if (writeShort(out, value)) return true;
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

/**
 * Writes a double that is a decimal of at most fifteen digits; returns false for others. No two such decimals
 * share a double, so no shorter text reads back as this one, and a division of two exact numbers rounds as
 * reading its text would.
 */
function writeShort(out: LineBuffer, value: number): boolean {
  const magnitude = Math.abs(value);
  if (!(magnitude >= LEAST_PLAIN && magnitude < 1e9)) return false;
  const scale = magnitude < 1e6 ? 1e9 : 1e6;
  const scaled = Math.round(magnitude * scale);
  if (scaled / scale !== magnitude) return false;
  const whole = Math.floor(scaled / scale);
  // From here on the numbers are whole and of 32 bits: the remainder of a double costs as much as all its
  // digits.
  let decimals = (scaled - whole * scale) | 0;
  let count = scale === 1e9 ? 9 : 6;
  for (; count > 3 && decimals % 1000 === 0; count -= 3) decimals = (decimals / 1000) | 0;
  for (; count > 1 && decimals % 10 === 0; count--) decimals = (decimals / 10) | 0;
  if (value < 0) out.byte(0x2d);
  writeInteger(out, whole);
  out.byte(0x2e);
  writePadded(out, decimals, count);
  return true;
}

const BILLION = 1_000_000_000;

/** Writes a whole number within ±(2^53 - 1) in decimal. */
export function writeInteger(out: LineBuffer, value: number): void {
  out.reserve(17);
  if (value < 0) out.bytes[out.at++] = 0x2d;
  const magnitude = Math.abs(value);
  if (magnitude < BILLION) return writeDigits(out, magnitude, digitCount(magnitude));
  const upper = Math.floor(magnitude / BILLION);
  writeDigits(out, upper, digitCount(upper));
  writeDigits(out, magnitude - upper * BILLION, 9);
}

/**
 * Writes exactly the 64-bit signed integer of these halves, without BigInt: its conversion costs as much as
 * the rest of a small document.
 */
export function writeInt64(out: LineBuffer, low32: number, high32: number): void {
  let low = low32 >>> 0;
  let high = high32;
  out.reserve(21);
  if (high < 0) {
    out.bytes[out.at++] = 0x2d;
    low = -low >>> 0;
    high = (low === 0 ? -high : ~high) >>> 0;
  }
  if (high < 0x200000) return writeInteger(out, high * 4294967296 + low);
  // This divides high:low by 10^9, sixteen bits at a time, so that every step is exact in a double.
  const quotientHigh = Math.floor(high / BILLION);
  const middle = (high - quotientHigh * BILLION) * 65536 + (low >>> 16);
  const quotientMiddle = Math.floor(middle / BILLION);
  const last = (middle - quotientMiddle * BILLION) * 65536 + (low & 0xffff);
  const quotientLow = Math.floor(last / BILLION);
  writeInteger(out, quotientHigh * 4294967296 + quotientMiddle * 65536 + quotientLow);
  writeDigits(out, last - quotientLow * BILLION, 9);
}

/** Writes a whole number below 10^18 as exactly `count` digits, with zeros in front. */
export function writePadded(out: LineBuffer, value: number, count: number): void {
  out.reserve(18);
  const upper = Math.floor(value / BILLION);
  if (count > 9) writeDigits(out, upper, count - 9);
  writeDigits(out, value - upper * BILLION, Math.min(count, 9));
}

/** Returns the number of digits of a whole number below 10^9. */
function digitCount(value: number): number {
  if (value < 10) return 1;
  if (value < 100) return 2;
  let count = 3;
  for (let limit = 1000; value >= limit; limit *= 10) count++;
  return count;
}

/** Writes the last `count` digits of a whole number below 10^9. */
function writeDigits(out: LineBuffer, value: number, count: number): void {
  const { bytes } = out;
  let rest = value | 0;
  let at = out.at + count;
  out.at = at;
  for (let i = 0; i < count; i++) {
    const next = (rest / 10) | 0;
    bytes[--at] = 0x30 + rest - next * 10;
    rest = next;
  }
}

/** The offset that a Decimal128 adds to its exponent. */
const BIAS = 6176;
/** Some numbers with more decimals are spelled with an exponent. */
const MOST_DECIMALS = 6;

/** Writes the Decimal128 at `from`. Returns false if reading its text back gives another encoding. */
export function writeDecimal128(out: LineBuffer, source: Buffer, from: number): boolean {
  if (writePlain(out, source, from)) return true;
  const bytes = source.subarray(from, from + 16);
  const text = new Decimal128(Buffer.from(bytes)).toString();
  if (!isTextOf(bytes, text)) return false;
  out.ascii(text);
  return true;
}

/**
 * Returns true if the text reads back as these bytes. The text of a coefficient above 10^34 - 1 is rounded or
 * refused.
 */
function isTextOf(bytes: Buffer, text: string): boolean {
  try {
    return bytes.equals(Decimal128.fromString(text).bytes);
  } catch {
    return false;
  }
}

/**
 * Writes a decimal of at most fifteen digits and six decimals, such as an amount of money; returns false for
 * others. Decimal128.toString takes twenty times as long. Layout: IEEE 754-2008, 3.5.2, the binary encoding.
 */
function writePlain(out: LineBuffer, source: Buffer, from: number): boolean {
  const top = source.readUInt32LE(from + 12);
  const decimals = BIAS - ((top >>> 17) & 0x3fff);
  const digits = source.readUInt32LE(from + 4) * 4294967296 + source.readUInt32LE(from);
  const isSmall = digits < 1e15 && source.readUInt32LE(from + 8) === 0 && (top & 0x1ffff) === 0;
  if (!isSmall || decimals < 0 || decimals > MOST_DECIMALS) return false;
  if (top >= 0x80000000) out.byte(0x2d);
  const scale = 10 ** decimals;
  const whole = Math.floor(digits / scale);
  writeInteger(out, whole);
  if (decimals === 0) return true;
  out.byte(0x2e);
  writePadded(out, digits - whole * scale, decimals);
  return true;
}
