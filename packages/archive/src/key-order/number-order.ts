import { decimalParts } from "../line/decimal-parts.ts";

/** In front of digits, so that NaN comes first and zero stands between the signs. */
const NAN = "\x01";
const MINUS_INFINITY = "\x02";
const NEGATIVE = "\x03";
const ZERO = "\x04";
const POSITIVE = "\x05";
const INFINITE = "\x06";

/** Added to the power of ten: those of Decimal128 and of doubles are within 2^15 of zero. */
const POWER_OFFSET = 0x8000;

/**
 * Byte text that sorts as numbers do, whatever their types: equal numbers have
 * the same one, also 1 and 1.0 and 1E+0, and a double is the number that its bits stand for.
 *
 * @param text of an integer or a Decimal128.
 */
export function numberOrder(text: string): string {
  const parts = decimalParts(text);
  if (parts === undefined)
    switch (text) {
      case "Infinity":
        return INFINITE;
      case "-Infinity":
        return MINUS_INFINITY;
      default:
        return NAN;
    }
  const { digits, exponent, isNegative } = parts;
  if (digits === "") return ZERO;
  const power = POWER_OFFSET + digits.length + exponent;
  const magnitude = `${String.fromCharCode(power >>> 8, power & 0xff)}${digits}\0`;
  return isNegative ? `${NEGATIVE}${turned(magnitude)}` : `${POSITIVE}${magnitude}`;
}

/** The same of a double. */
export function doubleOrder(value: number): string {
  if (Number.isFinite(value)) return numberOrder(exactText(value));
  return numberOrder(String(value));
}

/** Byte text that sorts the other way round. */
export function turned(order: string): string {
  let text = "";
  for (let i = 0; i < order.length; i++) text += String.fromCharCode(0xff - order.charCodeAt(i));
  return text;
}

/** All digits of a double: the shortest that read back are another number. */
function exactText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  let numerator = value;
  let halvings = 0;
  for (; !Number.isInteger(numerator); halvings++) numerator *= 2;
  return `${BigInt(numerator) * 5n ** BigInt(halvings)}E-${halvings}`;
}
