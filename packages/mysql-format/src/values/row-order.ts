import { toByteText, LineFields, stringOf, type SourceColumn, type SourceTable } from "@firebreak/archive";
import { membersOf } from "./members.ts";
import { momentText } from "./moment-text.ts";
import { doubleOrder, numberOrder, turned } from "@firebreak/items";

type SourceIndex = SourceTable["indexes"][number];

/** Returns byte text that sorts a value among those of its column; undefined if the order is not known. */
type ValueOrder = (kind: string, content: string) => string | undefined;

/** The most digits that a column can have in a second's fraction. */
const MOST_FRACTION = 6;

/**
 * Makes a function that gives a table's key lines byte text which sorts as the server sorts its rows by their
 * key. Text has such an order in binary collations, and for the letters, digits and signs on which the usual
 * collations agree. For other text, and for types with an order of the server's own, the function returns
 * undefined.
 *
 * @returns undefined if the table has no key, or one that holds only the beginnings of values.
 */
export function rowOrder(
  table: Pick<SourceTable, "columns" | "keyColumns" | "indexes">,
): ((keyLine: string) => string | undefined) | undefined {
  const index = keyIndexOf(table);
  if (index === undefined) return undefined;
  const columns = new Map(table.columns.map((c) => [c.name, c]));
  const orders = index.columns.map(({ name, isDescending }) => ({
    isDescending,
    order: valueOrder(columns.get(name)!),
  }));
  const fields = new LineFields();
  return (keyLine) => {
    fields.read(keyLine, 0, keyLine.length);
    let all = "";
    for (const [i, { isDescending, order }] of orders.entries()) {
      const own = order(fields.kinds[i]!, fields.contents[i]!);
      if (own === undefined) return undefined;
      all += isDescending ? turned(own) : own;
    }
    return all;
  };
}

/** Returns the index that tells rows apart, if it holds whole values. */
export function keyIndexOf({
  keyColumns,
  indexes,
}: Pick<SourceTable, "keyColumns" | "indexes">): SourceIndex | undefined {
  const isKey = ({ isUnique, columns }: SourceIndex): boolean =>
    isUnique && columns.length === keyColumns.length && columns.every((c, i) => c.name === keyColumns[i]);
  const found = keyColumns.length === 0 ? undefined : indexes.find(isKey);
  return found?.columns.some((c) => c.prefix !== undefined) === true ? undefined : found;
}

function valueOrder(column: SourceColumn): ValueOrder {
  switch (column.dataType.toLowerCase()) {
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
    case "decimal":
      return (_, content) => numberOrder(content);
    case "float":
    case "double":
      return (_, content) => doubleOrder(Number(content));
    case "year":
      return (_, content) => content;
    case "date":
    case "datetime":
    case "timestamp":
      return (kind, content) =>
        (kind === "date" ? momentText(Number(content), MOST_FRACTION) : content)?.padEnd(30, "\0");
    case "time":
      return (_, content) => numberOrder(timeNumber(content));
    case "bit":
    case "binary":
    case "varbinary":
      return (_, content) => atEnd(Buffer.from(content, "base64").toString("latin1"));
    case "char":
    case "varchar":
      return textOrder(column.collation ?? "");
    case "enum":
      return enumOrder(column);
    default:
      return () => undefined;
  }
}

/** Orders values as the type lists them, with the empty one of a refused value first (manual, 13.3.6). */
function enumOrder({ sqlType, isNumbered }: SourceColumn): ValueOrder {
  if (isNumbered === true) return (_, content) => numberOrder(content);
  const places = new Map(["", ...membersOf(sqlType)].map((name, i) => [toByteText(name), i] as const));
  return (kind, content) => {
    const place = kind === "string" ? places.get(stringOf(content)) : undefined;
    return place === undefined ? undefined : numberOrder(String(place));
  };
}

/** Makes longer values sort later, whatever follows the value. */
function atEnd(bytes: string): string {
  return `${bytes.replaceAll("\0", "\0\x01")}\0\0`;
}

/** Makes `-838:59:59.5` one number that sorts like it. */
function timeNumber(content: string): string {
  return content.replaceAll(":", "");
}

/** Letters, digits and the hyphen: all collations below sort them alike, except for upper and lower case. */
const AGREED = /^[0-9A-Za-z-]*$/;

/**
 * Collations that sort the hyphen before digits, digits before letters, and upper and lower case as equal.
 */
const WITHOUT_CASE =
  /^(?:(?:utf8mb4|utf8mb3|utf8|ascii)_general_ci|latin1_swedish_ci|utf8mb4_0900_a[is]_ci)$/;

/**
 * Orders text by its bytes for a binary collation, which in UTF-8 is by characters. Spaces at the end do not
 * count, except in collations of Unicode 9 (manual, 12.10.1).
 */
function textOrder(collation: string): ValueOrder {
  const isPadded = !collation.includes("0900");
  // Padded text without characters below the space sorts like text without the spaces at its end.
  const order = (text: string): string => atEnd(isPadded ? text.replace(/ +$/, "") : text);
  const isUtf8 = /^utf8(?:mb[34])?_(?:0900_)?bin$/.test(collation);
  const isBinary = collation.endsWith("_bin");
  return (kind, content) => {
    if (kind !== "string") return undefined;
    const text = stringOf(content);
    if (isUtf8 && !(isPadded && hasBelowSpace(text))) return order(text);
    if (isBinary && isAscii(text) && !hasBelowSpace(text)) return order(text);
    if (WITHOUT_CASE.test(collation) && AGREED.test(text)) return order(text.toUpperCase());
    return undefined;
  };
}

function hasBelowSpace(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) < 0x20) return true;
  return false;
}

function isAscii(text: string): boolean {
  for (let i = 0; i < text.length; i++) if (text.charCodeAt(i) > 0x7e) return false;
  return true;
}
