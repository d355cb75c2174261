import { Decimal128 } from "bson";
import type { LineBuffer } from "../line-buffer.ts";
import type { LineCursor } from "./line-cursor.ts";
import { numberText, PlainNumber } from "../plain-number.ts";

/** The offset that a Decimal128 adds to its exponent. */
const BIAS = 6176;
/** Some numbers with more decimals are spelled with an exponent. */
const MOST_DECIMALS = 6;
const LONGEST = 42;
const TWO_32 = 4294967296;

const plain = new PlainNumber();

/**
 * Reads a Decimal128. Its text must be the one spelling of its sixteen bytes, so that one line is valid for
 * one document.
 */
export function readDecimal128(line: LineCursor, out: LineBuffer): void {
  const from = line.at;
  if (!plain.read(line) || plain.decimals > MOST_DECIMALS) {
    line.at = from;
    return readAny(line, out);
  }
  const { isNegative, digits, decimals } = plain;
  // IEEE 754-2008, 3.5.2, the binary encoding, with a coefficient of up to 50 bits.
  const upper = Math.floor(digits / TWO_32);
  out.int32(digits - upper * TWO_32);
  out.int32(upper);
  out.int32(0);
  out.int32(((BIAS - decimals) << 17) | (isNegative ? 0x80000000 : 0));
}

function readAny(line: LineCursor, out: LineBuffer): void {
  const from = line.at;
  const text = numberText(line, LONGEST);
  let value: Decimal128;
  try {
    value = Decimal128.fromString(text);
  } catch {
    line.fail("decimal", from);
  }
  if (value.toString() !== text) line.fail("decimal-spelling", from);
  out.put(value.bytes);
}
