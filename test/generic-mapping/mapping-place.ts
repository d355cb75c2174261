import { Binary, Decimal128, Double, Int32, Long } from "bson";
import { RawValue } from "@firebreak/testing/documents/document-bytes";

/**
 * The place of one value of the field `v`: its text in the column `v` (of a binary column its bytes in hex),
 * or its canonical Extended JSON in `_extra`.
 */
export type Place = { readonly column: string } | { readonly extra: string };

export interface FieldCase {
  readonly title: string;
  /** The SQL type of the column `v`; undefined if the table has no such column. */
  readonly type: string | RegExp | undefined;
  readonly values: readonly (readonly [value: unknown, place: Place])[];
}

export const column = (text: string): Place => ({ column: text });
export const extra = (text: string): Place => ({ extra: text });
export const int = (value: number): Int32 => new Int32(value);
export const long = (text: string): Long => Long.fromString(text);
export const double = (value: number): Double => new Double(value);
export const decimal = (text: string): Decimal128 => Decimal128.fromString(text);
export const inColumn = (text: string): readonly [string, Place] => [text, column(text)];
export const binary = (hex: string, subType = 0): Binary => new Binary(Buffer.from(hex, "hex"), subType);

export function date(ms: bigint): RawValue {
  const bytes = Buffer.alloc(8);
  bytes.writeBigInt64LE(ms);
  return new RawValue(0x09, bytes);
}

export const dateExtra = (ms: bigint): readonly [RawValue, Place] => [
  date(ms),
  extra(`{"$date":{"$numberLong":"${ms}"}}`),
];
export const doubleExtra = (text: string): readonly [Double, Place] => [
  double(Number(text)),
  extra(`{"$numberDouble":"${text}"}`),
];
export const decimalExtra = (text: string): readonly [Decimal128, Place] => [
  decimal(text),
  extra(`{"$numberDecimal":"${text}"}`),
];
export const oid = "0102030405060708090a0b0c";
