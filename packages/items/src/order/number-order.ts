import { decimalParts } from "@firebreak/archive";

/** The first letter, so that NaN comes first and zero comes between the signs. */
const NAN = "\x01";
const MINUS_INFINITY = "\x02";
const NEGATIVE = "\x03";
const ZERO = "\x04";
const POSITIVE = "\x05";
const INFINITE = "\x06";

/** Added to the power of ten: those of Decimal128 and of doubles are within 2^15 of zero. */
const POWER_OFFSET = 0x8000;

/**
 * Returns byte text that sorts as numbers do, whatever their types. Equal numbers have equal texts, also 1
 * and 1.0 and 1E+0, and a double is exactly the number of its bits.
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

/** Returns the order of a double in the same way. */
export function doubleOrder(value: number): string {
  if (Number.isFinite(value)) return numberOrder(exactText(value));
  return numberOrder(String(value));
}

/** Returns byte text that sorts in the reverse order. */
export function turned(order: string): string {
  let text = "";
  for (let i = 0; i < order.length; i++) text += String.fromCharCode(0xff - order.charCodeAt(i));
  return text;
}

/** Returns all digits of a double, because the shortest text that reads back as it is a different number. */
function exactText(value: number): string {
  if (Number.isInteger(value)) return BigInt(value).toString();
  let numerator = value;
  let halvings = 0;
  for (; !Number.isInteger(numerator); halvings++) numerator *= 2;
  return `${BigInt(numerator) * 5n ** BigInt(halvings)}E-${halvings}`;
}
