import type { LineCursor } from "./line-cursor.ts";
import type { LineBuffer } from "../line-buffer.ts";
import { doubleText } from "../writing/write-number.ts";
import { Decimal128 } from "bson";

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Decimal numbers of this many digits are exact in a double, and no two such numbers share a double. */
const EXACT_DIGITS = 15;

/** The last number read: it has at most fifteen digits, may have a point, and has no exponent. */
class PlainNumber {
  isNegative = false;
  /** Its digits as a whole number, and the number of digits behind the point. */
  digits = 0;
  decimals = 0;

  /**
   * Reads a number up to the quote behind it. Returns false and reads nothing if the number is not of this
   * kind.
   */
  read(line: LineCursor): boolean {
    const { source } = line;
    this.isNegative = source[line.at] === MINUS;
    const from = this.isNegative ? line.at + 1 : line.at;
    let at = from;
    let digits = 0;
    let point = -1;
    for (; at - from <= EXACT_DIGITS; at++) {
      const digit = source[at]! - ZERO;
      if (digit >= 0 && digit <= 9) digits = digits * 10 + digit;
      else if (source[at] === POINT && point < 0) point = at;
      else break;
    }
    if (source[at] !== QUOTE || point === from || point === at - 1 || at === from) return false;
    const wholeDigits = (point < 0 ? at : point) - from;
    if ((source[from] === ZERO && wholeDigits > 1) || (point < 0 && at - from > EXACT_DIGITS)) return false;
    this.digits = digits;
    this.decimals = point < 0 ? 0 : at - point - 1;
    line.at = at;
    return true;
  }
}

/** Returns the text up to the next quote, which ends a number that is not plain. */
function numberText(line: LineCursor, longest: number): string {
  const { source, at: from } = line;
  let at = from;
  while (source[at] !== QUOTE) if (++at - from > longest) line.fail("number-long", from);
  line.at = at;
  return source.toString("latin1", from, at);
}

/** Doubles below this are spelled with an exponent. */
const LEAST_PLAIN = 1e-6;
const LONGEST_DOUBLE = 25;
const POWERS = Array.from({ length: 16 }, (_, exponent) => 10 ** exponent);

const plain = new PlainNumber();
const double = new Float64Array(1);
const halves = new Int32Array(double.buffer);

/**
 * Reads a double. Its text must be the shortest that reads back as the same bits, so that one line is valid
 * for one document.
 */
export function readDouble(line: LineCursor, out: LineBuffer): void {
  const from = line.at;
  if (!plain.read(line) || !isShortest(plain)) {
    line.at = from;
    readAnyDouble(line);
  }
  out.int32(halves[0]!);
  out.int32(halves[1]!);
}

/**
 * Returns true if the number is spelled as a double is, and stores it. The division of two exact numbers
 * rounds as reading its text would.
 */
function isShortest({ isNegative, digits, decimals }: PlainNumber): boolean {
  const value = digits / POWERS[decimals]!;
  double[0] = isNegative ? -value : value;
  return decimals === 1 || (decimals > 1 && digits % 10 !== 0 && value >= LEAST_PLAIN);
}

function readAnyDouble(line: LineCursor): void {
  const from = line.at;
  const text = numberText(line, LONGEST_DOUBLE);
  const value = Number(text);
  if ((Number.isFinite(value) ? doubleText(value) : String(value)) !== text)
    line.fail("double-spelling", from);
  double[0] = value;
  if (!Number.isNaN(value)) return;
  // The bits of a NaN differ between engines.
  halves[0] = 0;
  halves[1] = 0x7ff80000;
}

/** The offset that a Decimal128 adds to its exponent. */
const BIAS = 6176;
/** Some numbers with more decimals are spelled with an exponent. */
const MOST_DECIMALS = 6;
const LONGEST_DECIMAL = 42;
const TWO_32 = 4294967296;

/**
 * Reads a Decimal128. Its text must be the one spelling of its sixteen bytes, so that one line is valid for
 * one document.
 */
export function readDecimal128(line: LineCursor, out: LineBuffer): void {
  const from = line.at;
  if (!plain.read(line) || plain.decimals > MOST_DECIMALS) {
    line.at = from;
    return readAnyDecimal(line, out);
  }
  const { isNegative, digits, decimals } = plain;
  // IEEE 754-2008, 3.5.2, the binary encoding, with a coefficient of up to 50 bits.
  const upper = Math.floor(digits / TWO_32);
  out.int32(digits - upper * TWO_32);
  out.int32(upper);
  out.int32(0);
  out.int32(((BIAS - decimals) << 17) | (isNegative ? 0x80000000 : 0));
}

function readAnyDecimal(line: LineCursor, out: LineBuffer): void {
  const from = line.at;
  const text = numberText(line, LONGEST_DECIMAL);
  let value: Decimal128;
  try {
    value = Decimal128.fromString(text);
  } catch {
    line.fail("decimal", from);
  }
  if (value.toString() !== text) line.fail("decimal-spelling", from);
  out.put(value.bytes);
}

const TWO_31 = 2147483648;

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
