import type { LineCursor } from "./reading/line-cursor.ts";

const QUOTE = 0x22;
const MINUS = 0x2d;
const POINT = 0x2e;
const ZERO = 0x30;

/** Decimal numbers of this many digits are exact in a double, and no two such numbers share a double. */
const EXACT_DIGITS = 15;

/** The last number read: it has at most fifteen digits, may have a point, and has no exponent. */
export class PlainNumber {
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
export function numberText(line: LineCursor, longest: number): string {
  const { source, at: from } = line;
  let at = from;
  while (source[at] !== QUOTE) if (++at - from > longest) line.fail("number-long", from);
  line.at = at;
  return source.toString("latin1", from, at);
}
