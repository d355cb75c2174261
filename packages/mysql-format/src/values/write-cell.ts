import { isUtf8 } from "node:buffer";
import {
  archiveReason,
  doubleText,
  type LineBuffer,
  ReasonError,
  tokens as T,
  writeBase64,
  writeEscaped,
  writeInteger,
  writeString,
} from "@firebreak/archive";
import type { LineForm } from "./line-form.ts";

/** Characters of a character set that UTF-8 does not give back: the bytes as the server stores them. */
export class UnsayableCharacters {
  readonly bytes: Buffer;

  constructor(bytes: Buffer) {
    this.bytes = bytes;
  }
}

/** A value as a server sends it: the bytes of its text, or in binary form of the value itself. */
export type ServerCell = Buffer | UnsayableCharacters | null;

const MAX_INT32 = "2147483647";
const MAX_INT64 = "9223372036854775807";
const QUOTE = 0x22;
/** A multiple of three, so that base64 of a piece has no padding. */
const PIECE_BYTES = 3 << 17;
const SUBTYPE_0 = Buffer.from("00");

/**
 * Writes a server's value in its form for lines.
 *
 * @throws Error for bytes that no value of the form has; `out` then ends in half a value.
 */
export function writeCell(out: LineBuffer, form: LineForm, cell: ServerCell): void {
  if (cell === null) return out.put(T.NULL);
  if (cell instanceof UnsayableCharacters) return writeBytes(out, cell.bytes);
  switch (form) {
    case "int32":
      return writeWrapped(out, T.INT32, integerText(cell));
    case "int64":
      return writeWrapped(out, T.INT64, integerText(cell));
    case "uint64": {
      const text = integerText(cell);
      return writeWrapped(out, isAbove(text, MAX_INT64) ? T.DECIMAL128 : T.INT64, text);
    }
    case "member": {
      const text = cell.toString("latin1");
      // If the type does not show a member's name, its number would mean another member.
      if (!/^\d+$/.test(text)) return writeCharacters(out, cell);
      if (!isAbove(text, MAX_INT32)) return writeWrapped(out, T.INT32, text);
      return writeWrapped(out, isAbove(text, MAX_INT64) ? T.DECIMAL128 : T.INT64, text);
    }
    case "decimal":
      return writeWrapped(out, T.DECIMAL128, decimalSpelling(cell.toString("latin1")));
    case "double":
      return writeWrapped(out, T.DOUBLE, doubleText(doubleOf(cell.toString("latin1"))));
    case "date":
    case "datetime":
      return writeInstant(out, cell);
    case "text":
    case "characters":
      return writeCharacters(out, cell);
    case "binary":
      return writeBytes(out, cell);
  }
}

/** Returns the number without the zeros in front that ZEROFILL shows. */
function integerText(cell: Buffer): string {
  const text = cell.toString("latin1");
  if (!/^-?\d+$/.test(text))
    throw new ReasonError(archiveReason("text-of-no-type", { text, type: "integer" }));
  return text.startsWith("0") ? text.replace(/^0+(?=\d)/, "") : text;
}

/** Compares whole numbers without a sign. */
function isAbove(text: string, most: string): boolean {
  return text.length > most.length || (text.length === most.length && text > most);
}

function doubleOf(text: string): number {
  const value = Number(text);
  if (text === "" || !Number.isFinite(value))
    throw new ReasonError(archiveReason("text-of-no-type", { text, type: "double" }));
  return value;
}

function writeWrapped(out: LineBuffer, opening: Uint8Array, text: string): void {
  out.put(opening);
  out.ascii(text);
  out.put(T.END);
}

function writeInstant(out: LineBuffer, cell: Buffer): void {
  const instant = instantOf(cell.toString("latin1"));
  if (instant === undefined) return writeCharacters(out, cell);
  out.put(T.DATE);
  writeInteger(out, instant);
  out.put(T.END_END);
}

function writeCharacters(out: LineBuffer, cell: Buffer): void {
  const from = out.at;
  out.isAscii = true;
  writeString(out, cell, 0, cell.length);
  if (out.isAscii || isUtf8(cell)) return;
  out.at = from;
  writeBytes(out, cell);
}

/** Returns true if a value is so large that its line should be written in pieces. */
export function isLarge(cell: ServerCell): boolean {
  const bytes = cell instanceof UnsayableCharacters ? cell.bytes : cell;
  return bytes !== null && bytes.length > PIECE_BYTES;
}

/** Writes a large value as `writeCell` does, and yields after each piece. The caller may then empty `out`. */
export function* writeLargeCell(out: LineBuffer, form: LineForm, cell: ServerCell): Generator<void> {
  if (!isLarge(cell)) return writeCell(out, form, cell);
  const isBytes = cell instanceof UnsayableCharacters || form === "binary" || !isUtf8(cell!);
  const bytes = cell instanceof UnsayableCharacters ? cell.bytes : cell!;
  if (isBytes) out.put(T.BINARY);
  else out.byte(QUOTE);
  for (let from = 0; from < bytes.length; from += PIECE_BYTES) {
    const end = Math.min(from + PIECE_BYTES, bytes.length);
    if (isBytes) writeBase64(out, bytes, from, end);
    else writeEscaped(out, bytes, from, end);
    yield;
  }
  if (!isBytes) return out.byte(QUOTE);
  out.put(T.SUB_TYPE);
  out.put(SUBTYPE_0);
  out.put(T.END_END);
}

function writeBytes(out: LineBuffer, bytes: Buffer): void {
  out.put(T.BINARY);
  writeBase64(out, bytes, 0, bytes.length);
  out.put(T.SUB_TYPE);
  out.put(SUBTYPE_0);
  out.put(T.END_END);
}

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
function decimalSpelling(text: string): string {
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

const TEXT = /^(\d{4})-(\d\d)-(\d\d)(?: (\d\d):(\d\d):(\d\d)(?:\.(\d{1,3}))?)?$/;

/**
 * Returns the instant of a server's text of a DATE, DATETIME or TIMESTAMP in UTC, in milliseconds since 1970.
 * Returns undefined for values that MySQL can hold and no calendar has: zero dates, months and days that are
 * 0, the 31st of February.
 */
function instantOf(text: string): number | undefined {
  const match = TEXT.exec(text);
  if (match === null) return undefined;
  const partOf = (group: number): number => Number(match[group] ?? 0);
  const [year, month, day, hour] = [partOf(1), partOf(2), partOf(3), partOf(4)] as const;
  const [minute, second] = [partOf(5), partOf(6)] as const;
  const date = new Date(0);
  date.setUTCFullYear(year, month - 1, day);
  if (date.getUTCFullYear() !== year || date.getUTCMonth() !== month - 1 || date.getUTCDate() !== day)
    return undefined;
  if (hour > 23 || minute > 59 || second > 59) return undefined;
  return (
    date.getTime() + ((hour * 60 + minute) * 60 + second) * 1000 + Number((match[7] ?? "").padEnd(3, "0"))
  );
}
