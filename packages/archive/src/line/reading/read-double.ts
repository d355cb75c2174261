import type { LineBuffer } from "../line-buffer.ts";
import type { LineCursor } from "./line-cursor.ts";
import { numberText, PlainNumber } from "../plain-number.ts";
import { doubleText } from "../writing/write-double.ts";

/** Doubles below this are spelled with an exponent. */
const LEAST_PLAIN = 1e-6;
const LONGEST = 25;
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
    readAny(line);
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

function readAny(line: LineCursor): void {
  const from = line.at;
  const text = numberText(line, LONGEST);
  const value = Number(text);
  if ((Number.isFinite(value) ? doubleText(value) : String(value)) !== text)
    line.fail("double-spelling", from);
  double[0] = value;
  if (!Number.isNaN(value)) return;
  // The bits of a NaN differ between engines.
  halves[0] = 0;
  halves[1] = 0x7ff80000;
}
