import { Decimal128 } from "bson";
import type { LineBuffer } from "../line-buffer.ts";
import { writeInteger, writePadded } from "./write-integer.ts";

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
