import { serialize } from "bson";
import { extendedJsonDocument } from "../../../fixtures/src/extended-json.ts";
import { parseJsonObject } from "../../../fixtures/src/json-value.ts";
import { elementsOf, type FoundElement } from "../documents/document-bytes.ts";
import type { Row } from "./read-table.ts";

/**
 * What is wrong with a row, given its document's bytes: each field must be in
 * its column with an equal value, or exactly in `_extra`, never in both and
 * never in neither; and nothing else may be there. Shares no code with the mapper.
 */
export function faultsOf(document: Buffer, row: Row): string[] {
  const faults: string[] = [];
  const extras = row["_extra"] == null ? [] : extraElements(row["_extra"].toString("utf8"));
  const unclaimed = new Set(Object.keys(row).filter((name) => name !== "_extra" && row[name] !== null));
  for (const found of elementsOf(document)) {
    const beside = extras.findIndex((e) => e.whole.equals(found.whole));
    if (beside >= 0) {
      extras.splice(beside, 1);
      if (unclaimed.has(found.name)) faults.push(`${found.name} is in its column and in _extra`);
    } else if (unclaimed.delete(found.name)) {
      if (!isEqual(found, row[found.name]!, found.name === "_id"))
        faults.push(
          `${found.name} has another value in its column: ${row[found.name]!.toString("utf8", 0, 200)}`,
        );
    } else faults.push(`${found.name} is neither in its column nor in _extra`);
  }
  for (const name of unclaimed) faults.push(`column ${name} holds what the document does not have`);
  for (const extra of extras) faults.push(`_extra holds ${extra.name}, which the document does not have so`);
  return faults;
}

function extraElements(text: string): FoundElement[] {
  const raw = /^\{"\$firebreak":\{"bson":"([^"]*)"\}\}$/.exec(text);
  if (raw !== null) return elementsOf(Buffer.from(raw[1]!, "base64"));
  return elementsOf(Buffer.from(serialize(extendedJsonDocument(parseJsonObject(text)))));
}

function isEqual({ type, value }: FoundElement, cell: Buffer, isKey: boolean): boolean {
  const text = cell.toString("utf8");
  switch (type) {
    case 0x01:
      return Object.is(Number(text), value.readDoubleLE()) || isSameText(type, value, text, isKey);
    case 0x02:
      return value.subarray(4, -1).equals(cell) || isSameText(type, value, text, isKey);
    case 0x05:
      return value.subarray(5).equals(cell) || isSameText(type, value, text, isKey);
    case 0x07:
      return text === value.toString("hex") || isSameText(type, value, text, isKey);
    case 0x08:
      return text === String(value[0]) || isSameText(type, value, text, isKey);
    case 0x09:
      return (
        Date.parse(`${text.replace(" ", "T")}Z`) === Number(value.readBigInt64LE()) ||
        isSameText(type, value, text, isKey)
      );
    case 0x10:
      return isSameNumber(text, String(value.readInt32LE())) || isSameText(type, value, text, isKey);
    case 0x12:
      return isSameNumber(text, String(value.readBigInt64LE())) || isSameText(type, value, text, isKey);
    case 0x13:
      return isSameDecimal(value, text) || isSameText(type, value, text, isKey);
    default:
      return isSameText(type, value, text, isKey || type === 0x03 || type === 0x04);
  }
}

/** Whether the text is canonical Extended JSON of the very value: only keys, documents and arrays are kept so. */
function isSameText(type: number, value: Buffer, text: string, isText: boolean): boolean {
  if (!isText) return false;
  try {
    const [found] = elementsOf(
      Buffer.from(serialize(extendedJsonDocument(parseJsonObject(`{"v":${text}}`)))),
    );
    return found!.type === type && found!.value.equals(value);
  } catch {
    return false;
  }
}

/** An integer is in an integer column, a DOUBLE or a DECIMAL. */
function isSameNumber(cell: string, integer: string): boolean {
  if (cell === integer) return true;
  return /^-?[\d.]+e\+?\d+$/.test(cell) ? BigInt(Number(cell)) === BigInt(integer) : plain(cell) === integer;
}

function isSameDecimal(value: Buffer, cell: string): boolean {
  return plain(decimalText(value)) === plain(cell);
}

/** The Decimal128 in plain digits, from its two 64-bit halves (IEEE 754-2008, binary integer decimal). */
function decimalText(value: Buffer): string {
  const high = value.readBigUInt64LE(8);
  const digits = (((high & 0x1ffffffffffffn) << 64n) | value.readBigUInt64LE(0)).toString();
  const exponent = Number((high >> 49n) & 0x3fffn) - 6176;
  const sign = high >> 63n === 1n ? "-" : "";
  if (digits === "0") return `${sign}0`;
  if (exponent >= 0) return `${sign}${digits}${"0".repeat(exponent)}`;
  const padded = digits.padStart(1 - exponent, "0");
  return `${sign}${padded.slice(0, exponent)}.${padded.slice(exponent)}`;
}

/** Without zeros that mean nothing. */
function plain(text: string): string {
  return text.includes(".") ? text.replace(/\.?0+$/, "") : text;
}
