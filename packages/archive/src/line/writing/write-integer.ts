import type { LineBuffer } from "../line-buffer.ts";

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
