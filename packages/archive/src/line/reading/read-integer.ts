import type { LineBuffer } from "../line-buffer.ts";
import type { LineCursor } from "./line-cursor.ts";

const MINUS = 0x2d;
const ZERO = 0x30;
const TWO_31 = 2147483648;
const TWO_32 = 4294967296;

/** Whole numbers of this many decimal digits are always exact in a double. */
const EXACT_DIGITS = 15;
const INT64_DIGITS = 19;

/** Reads a whole number from `least` to `most`, both of at most 32 bits. */
export function readInteger(line: LineCursor, least: number, most: number): number {
  const from = line.at;
  const isNegative = least < 0 && line.source[from] === MINUS;
  if (isNegative) line.at++;
  const magnitude = readDigits(line);
  const value = isNegative ? -magnitude : magnitude;
  if (value < least || value > most || (isNegative && value === 0)) outOfWidth(line, from);
  return value;
}

/** Reads a 64-bit signed integer without BigInt: making one costs more than the rest of a small document. */
export function readInt64(line: LineCursor, out: LineBuffer): void {
  const { source, at: from } = line;
  const isNegative = source[from] === MINUS;
  if (isNegative) line.at++;
  const upper = readDigits(line);
  let high = Math.floor(upper / TWO_32);
  let low = upper - high * TWO_32;
  // At most four more digits follow: high and low times 10,000 are exact in doubles, too.
  for (let more = INT64_DIGITS - EXACT_DIGITS; more > 0 && isDigit(source[line.at]); more--) {
    low = low * 10 + source[line.at++]! - ZERO;
    const carry = Math.floor(low / TWO_32);
    low -= carry * TWO_32;
    high = high * 10 + carry;
  }
  if (high >= TWO_31 && !(isNegative && high === TWO_31 && low === 0)) outOfWidth(line, from);
  if (isNegative && high === 0 && low === 0) outOfWidth(line, from);
  out.int32(isNegative ? -low : low);
  out.int32(!isNegative ? high : low === 0 ? -high : ~high);
}

/** Reads up to fifteen digits without a zero in front. */
function readDigits(line: LineCursor): number {
  const { source, at: from } = line;
  let at = from;
  let value = 0;
  for (; at - from < EXACT_DIGITS && isDigit(source[at]); at++) value = value * 10 + source[at]! - ZERO;
  if (at === from) line.fail("digit-missing");
  if (source[from] === ZERO && at - from > 1) line.fail("leading-zero");
  line.at = at;
  return value;
}

function isDigit(byte: number | undefined): boolean {
  return byte !== undefined && byte >= ZERO && byte < ZERO + 10;
}

function outOfWidth(line: LineCursor, from: number): never {
  line.fail("integer-width", from);
}
