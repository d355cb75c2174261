import { archiveReason, ReasonError } from "@firebreak/archive";
const DECIMAL = /^(-?)0*(\d*)(?:\.(\d*))?$/;
/** A Decimal128 whose first digit has an exponent below this is spelled with an exponent. */
const LEAST_PLAIN_EXPONENT = -6;

/**
 * Returns the canonical text of the Decimal128 with these digits: all digits of the scale, also zeros at the
 * end (Decimal Floating Point Specification, to-scientific-string).
 *
 * @param text a server's: digits, a point if there is a scale, zeros in front with ZEROFILL.
 * @throws Error for anything else.
 */
export function decimalSpelling(text: string): string {
  const match = DECIMAL.exec(text);
  if (match === null) throw new ReasonError(archiveReason("text-of-no-type", { text, type: "decimal" }));
  const [, sign = "", whole = "", fraction = ""] = match;
  const digits = `${whole}${fraction}`.replace(/^0+(?=\d)/, "") || "0";
  const exponent = -fraction.length;
  const adjusted = exponent + digits.length - 1;
  if (adjusted >= LEAST_PLAIN_EXPONENT)
    return `${sign}${whole || "0"}${fraction === "" ? "" : `.${fraction}`}`;
  const mantissa = digits.length === 1 ? digits : `${digits[0]}.${digits.slice(1)}`;
  return `${sign}${mantissa}E${adjusted}`;
}
