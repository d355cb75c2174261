/**
 * A decimal number as digits × 10^exponent, without zeros at either end of the digits; zero has no digits.
 */
export interface DecimalParts {
  readonly isNegative: boolean;
  readonly digits: string;
  readonly exponent: number;
}

/** Reads the text of an integer or a Decimal128; returns undefined for NaN and the infinities. */
export function decimalParts(text: string): DecimalParts | undefined {
  const found = /^(-?)(\d+)(?:\.(\d+))?(?:E([+-]?\d+))?$/i.exec(text);
  if (found === null) return undefined;
  const [, sign, whole = "", fraction = "", power = "0"] = found;
  const all = `${whole}${fraction}`.replace(/^0+/, "");
  const digits = all.replace(/0+$/, "");
  const exponent = digits === "" ? 0 : Number(power) - fraction.length + (all.length - digits.length);
  return { isNegative: sign === "-", digits, exponent };
}

/** Returns the number of digits after the point that the number needs. */
export function scaleOf({ exponent }: DecimalParts): number {
  return Math.max(0, -exponent);
}

/** Returns the number of digits before the point that the number needs. */
export function integerDigitsOf({ digits, exponent }: DecimalParts): number {
  return Math.max(0, digits.length + exponent);
}

/** Returns the number as DECIMAL(…, scale) shows it; its own scale must not be larger. */
export function plainDecimal(parts: DecimalParts, scale: number): string {
  const { digits, exponent, isNegative } = parts;
  const unscaled = digits + "0".repeat(digits === "" ? 0 : exponent + scale);
  const padded = unscaled.padStart(scale + 1, "0");
  const whole = padded.slice(0, padded.length - scale);
  return `${isNegative ? "-" : ""}${whole}${scale > 0 ? `.${padded.slice(-scale)}` : ""}`;
}
