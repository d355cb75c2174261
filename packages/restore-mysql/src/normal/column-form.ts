import { plainWords } from "./plain-words.ts";
import { withoutSpare } from "./spare-parentheses.ts";
import { isWord, type Node, textOf } from "./sql-nodes.ts";

/**
 * The default collations of character sets, except those whose default is SET_general_ci. They are
 * the same in both servers (information_schema.character_sets).
 */
const DEFAULTS: Readonly<Record<string, string>> = {
  big5: "big5_chinese_ci",
  binary: "binary",
  cp932: "cp932_japanese_ci",
  dec8: "dec8_swedish_ci",
  eucjpms: "eucjpms_japanese_ci",
  euckr: "euckr_korean_ci",
  gb18030: "gb18030_chinese_ci",
  gb2312: "gb2312_chinese_ci",
  gbk: "gbk_chinese_ci",
  hp8: "hp8_english_ci",
  latin1: "latin1_swedish_ci",
  sjis: "sjis_japanese_ci",
  swe7: "swe7_swedish_ci",
  tis620: "tis620_thai_ci",
  ujis: "ujis_japanese_ci",
};

/**
 * Returns the collation of a character set that is named without one. For utf8mb4, MySQL always
 * names the collation. So does MariaDB, from the versions on that may have another default than
 * general_ci.
 */
export function defaultCollation(set: string): string {
  return DEFAULTS[set] ?? `${set}_general_ci`;
}

const INTEGERS = /^(?:tinyint|smallint|mediumint|int|bigint)$/;
const NUMBERS = /^(?:tinyint|smallint|mediumint|int|bigint|decimal|float|double)$/;
const TEXTS = /^(?:char|varchar|tinytext|text|mediumtext|longtext|enum|set)$/;
/** Types for which MySQL shows no default of NULL (manual, 13.6). */
const LARGE =
  /^(?:tinytext|text|mediumtext|longtext|tinyblob|blob|mediumblob|longblob|json|geometry|point|linestring|polygon|multipoint|multilinestring|multipolygon|geometrycollection)$/;

/** Words that begin a new attribute. */
const ATTRIBUTES: ReadonlySet<string> = new Set(
  (
    "not null character charset collate default on generated as virtual stored persistent auto_increment comment " +
    "check invisible column_format storage compressed srid unsigned zerofill with without constraint primary unique"
  ).split(" "),
);

/**
 * Returns a column in one form. If the column crosses to the other kind of server, its checks are
 * returned as the table's.
 */
export function columnForm(
  nodes: readonly Node[],
  tableCollation: string,
  isCrossing: boolean,
): { readonly column: string; readonly checks: readonly string[] } {
  const [name, type, ...rest] = nodes;
  const attributes = attributesOf(rest[0]?.kind === "group" ? rest.slice(1) : rest, isCrossing);
  const width = rest[0]?.kind === "group" ? textOf([rest[0]]) : "";
  const typeName = textOf([type!]);
  const column = { name: textOf([name!]), type: typeName, width, attributes };
  setCollation(column, tableCollation);
  setWidth(column, isCrossing);
  setDefault(column, isCrossing);
  const checks = isCrossing ? checksOf(column) : [];
  return { column: [column.name, column.type, column.width, ...column.attributes.sort()].join(" "), checks };
}

interface Column {
  readonly name: string;
  type: string;
  width: string;
  attributes: string[];
}

function attributesOf(nodes: readonly Node[], isCrossing: boolean): string[] {
  const attributes: Node[][] = [];
  for (const [i, node] of nodes.entries()) {
    const isFirst = node.kind === "word" && ATTRIBUTES.has(node.text);
    // `NOT NULL`, `DEFAULT NULL` and `GENERATED ALWAYS AS` are one attribute each.
    const isInside = isWord(nodes[i - 1], "not", "default", "always", "generated");
    if (attributes.length === 0 || (isFirst && !isInside)) attributes.push([node]);
    else attributes.at(-1)!.push(node);
  }
  return attributes.map((a) => {
    const plain = withoutSpare(plainWords(a));
    return textOf(isCrossing ? withBareDefault(plain) : plain);
  });
}

/** Removes a default's parentheses: MariaDB writes a function as a default without them. */
function withBareDefault(attribute: readonly Node[]): readonly Node[] {
  const [word, value, ...more] = attribute;
  return isWord(word, "default") && value?.kind === "group" && more.length === 0
    ? [word!, ...value.nodes]
    : attribute;
}

/** Describes a text column by its collation alone: its own, that of its character set, or the table's. */
function setCollation(column: Column, tableCollation: string): void {
  if (!TEXTS.test(column.type)) return;
  const named = (prefix: RegExp): string | undefined =>
    column.attributes.find((a) => prefix.test(a))?.replace(prefix, "");
  const set = named(/^character set |^charset /);
  const collation = named(/^collate /) ?? (set === undefined ? tableCollation : defaultCollation(set));
  column.attributes = column.attributes.filter((a) => !/^(?:character set|charset|collate) /.test(a));
  column.attributes.push(`collate ${collation}`);
}

/**
 * Removes a width that has no meaning. The width of an integer says how it is shown if it is filled
 * with zeros. Since 8.0.19 MySQL keeps no other width but that of TINYINT(1), which clients take
 * for a boolean.
 */
function setWidth(column: Column, isCrossing: boolean): void {
  if (column.attributes.includes("zerofill")) return;
  if (column.type === "year") column.width = "";
  if (!INTEGERS.test(column.type) || (column.type === "tinyint" && column.width === "(1)")) return;
  if (isCrossing || isUsualWidth(column)) column.width = "";
}

/**
 * Returns true for a width that a server sets by itself: the digits of the type's smallest or
 * largest value.
 */
function isUsualWidth({ type, width, attributes }: Column): boolean {
  const signed = { tinyint: 4, smallint: 6, mediumint: 9, int: 11, bigint: 20 }[type] ?? 0;
  const isUnsigned = attributes.includes("unsigned");
  return width === `(${isUnsigned && type !== "bigint" ? signed - 1 : signed})`;
}

function setDefault(column: Column, isCrossing: boolean): void {
  column.attributes = column.attributes.map((a) => {
    const value = /^default (.*)$/s.exec(a)?.[1];
    if (value === undefined) return a;
    const number = NUMBERS.test(column.type) ? /^'(-?[\d.]+(?:e[+-]?\d+)?)'$/i.exec(value)?.[1] : undefined;
    return `default ${number ?? value}`;
  });
  if (!isCrossing || !LARGE.test(column.type)) return;
  const isPlain = !column.attributes.some((a) => a === "not null" || /^(?:default|generated|as) /.test(a));
  if (isPlain) column.attributes.push("default null");
}

/**
 * Takes the checks of a column out of it, as the table's. JSON becomes a text with a check, as in
 * MariaDB.
 */
function checksOf(column: Column): string[] {
  const isCheck = (a: string): boolean => a.startsWith("check ");
  const checks = column.attributes.filter(isCheck);
  column.attributes = column.attributes.filter((a) => !isCheck(a));
  if (column.type !== "json") return checks;
  column.type = "longtext";
  column.attributes.push("collate utf8mb4_bin");
  return [...checks, `check (json_valid (${column.name}))`];
}
