import { base64Length } from "@firebreak/items";
import {
  decimalParts,
  type Fields,
  integerDigitsOf,
  plainDecimal,
  scaleOf,
  type SourceColumn,
  stringOf,
} from "@firebreak/archive";
import { fitDecimal } from "./column-cell.ts";
import { highestNumber, isMember } from "./members.ts";
import { dayText, momentText } from "./moment-text.ts";
import { ownForm } from "./own-column.ts";
import { sqlFamily } from "./sql-family.ts";

const BITS: Readonly<Record<string, number>> = {
  tinyint: 8,
  smallint: 16,
  mediumint: 24,
  int: 32,
  bigint: 64,
};

interface IntegerRange {
  readonly least: bigint;
  readonly most: bigint;
}

const RANGES = new Map<string, IntegerRange>();

/** Returns the range of an integer column of this type (manual, 11.1.2). */
function integerRange(sqlType: string): IntegerRange {
  let range = RANGES.get(sqlType);
  if (range === undefined) {
    const bits = BigInt(BITS[/^\w+/.exec(sqlType)?.[0] ?? ""] ?? 64);
    range = /unsigned|zerofill/.test(sqlType)
      ? { least: 0n, most: (1n << bits) - 1n }
      : { least: -(1n << (bits - 1n)), most: (1n << (bits - 1n)) - 1n };
    RANGES.set(sqlType, range);
  }
  return range;
}

/** The place of a value among the fields of a line. */
type Place = readonly [fields: Fields, i: number];

/**
 * Returns the CSV cell, in byte text, of a line's value for the MySQL column that it came from. Returns
 * undefined if the column cannot hold the value. It checks for values that a server would silently change or
 * misread. A strict session refuses too long values and unknown members of a SET.
 */
export function cellOfLine(column: SourceColumn, fields: Fields, i: number): string | null | undefined {
  const kind = fields.kinds[i]!;
  const content = fields.contents[i]!;
  if (kind === "null") return column.isNullable ? null : undefined;
  switch (sqlFamily(column.dataType)) {
    case "integer":
      return integerCell(column, [fields, i]);
    case "decimal":
      return decimalCell(column, [fields, i]);
    case "double":
    case "float":
      return kind === "double" ? doubleCell(column, content) : undefined;
    case "date":
      return kind === "date" ? wholeDay(content) : textLike([fields, i], DATE);
    case "moment":
      return kind === "date"
        ? momentText(Number(content), column.fraction ?? 0)
        : textLike([fields, i], MOMENT, column.fraction);
    case "time":
      return textLike([fields, i], TIME, column.fraction);
    case "year":
      return textLike([fields, i], YEAR);
    case "text":
      return textCell(column, [fields, i]);
    case "choice":
      return choiceCell(column, [fields, i]);
    case "json":
    case "named":
      return kind === "string" ? stringOf(content) : undefined;
    case "bit":
    case "binary":
    case "geometry":
      return kind === "binary" && isRightLength(column, content) ? content : undefined;
  }
}

const DATE = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d(?:\.(\d+))?$/;
const TIME = /^-?\d{2,3}:\d\d:\d\d(?:\.(\d+))?$/;
const YEAR = /^\d{4}$/;

function integerCell(column: SourceColumn, place: Place): string | undefined {
  const { least, most } = integerRange(column.sqlType);
  return wholeCell(place, least, most);
}

function wholeCell([fields, i]: Place, least: bigint, most: bigint): string | undefined {
  const content = fields.contents[i]!;
  const kind = fields.kinds[i]!;
  const text = kind === "decimal" ? wholeNumber(content) : content;
  if (text === undefined || (kind !== "int32" && kind !== "int64" && kind !== "decimal")) return undefined;
  const value = text.length < 16 ? Number(text) : BigInt(text);
  return value >= least && value <= most ? text : undefined;
}

function wholeNumber(content: string): string | undefined {
  const parts = decimalParts(content);
  return parts === undefined || scaleOf(parts) > 0 || integerDigitsOf(parts) > 20
    ? undefined
    : plainDecimal(parts, 0);
}

function decimalCell({ precision = 10, scale = 0, sqlType }: SourceColumn, [fields, i]: Place) {
  const kind = fields.kinds[i]!;
  return kind === "decimal" || kind === "string"
    ? fitDecimal(fields.contents[i]!, { precision, scale }, isUnsigned(sqlType))
    : undefined;
}

function doubleCell({ dataType, sqlType }: SourceColumn, content: string): string | undefined {
  const value = Number(content);
  const isExact = Number.isFinite(value) && (dataType !== "float" || Math.fround(value) === value);
  return isExact && !(value < 0 && isUnsigned(sqlType)) ? content : undefined;
}

function wholeDay(content: string): string | undefined {
  const ms = Number(content);
  return ms % 86_400_000 === 0 ? dayText(ms) : undefined;
}

/** Returns a text that matches the form and has exactly this many digits of a fraction. */
function textLike([fields, i]: Place, form: RegExp, fraction = 0): string | undefined {
  if (fields.kinds[i] !== "string") return undefined;
  const content = fields.contents[i]!;
  const found = form.exec(content);
  return found !== null && (found[1]?.length ?? 0) === fraction ? content : undefined;
}

function textCell(column: SourceColumn, [fields, i]: Place): string | undefined {
  const kind = fields.kinds[i]!;
  const isMixed = ownForm(column) === "mixed";
  if (kind === "binary") return isMixed ? `b${fields.contents[i]!}` : undefined;
  if (kind !== "string") return undefined;
  const text = stringOf(fields.contents[i]!);
  // A CHAR loses the spaces at the end of its value.
  if (column.dataType === "char" && text.endsWith(" ")) return undefined;
  return isMixed ? `t${text}` : text;
}

/**
 * Returns the text of an ENUM's or SET's value. A session that is not strict takes any text that is no
 * member's for an ENUM's error value; that value's own text is ''.
 */
function choiceCell(column: SourceColumn, place: Place): string | undefined {
  if (column.isNumbered === true) return wholeCell(place, 0n, highestNumber(column));
  const [fields, i] = place;
  if (fields.kinds[i] !== "string") return undefined;
  const text = stringOf(fields.contents[i]!);
  return column.dataType !== "enum" || text === "" || isMember(column, text) ? text : undefined;
}

/** Returns true if the bytes fill a BINARY or BIT exactly: shorter ones would be filled up. */
function isRightLength({ dataType, sqlType }: SourceColumn, base64: string): boolean {
  const size = Number(/\((\d+)\)/.exec(sqlType)?.[1] ?? 1);
  if (dataType === "bit") return base64Length(base64) === Math.ceil(size / 8);
  return dataType !== "binary" || base64Length(base64) === size;
}

function isUnsigned(sqlType: string): boolean {
  return sqlType.includes("unsigned");
}
