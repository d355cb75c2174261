import type { LineBuffer } from "../line-buffer.ts";
import { writeInteger, writePadded } from "./write-integer.ts";

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
