import { SeededRandom } from "../../../../fixtures/src/index.ts";
import type { SqlServer } from "@firebreak/testing/servers/databases";

/** How a test knows what a line must say of a column, by reading it in another way than the export does. */
export type Reading =
  | {
      readonly as:
        | "int"
        | "long"
        | "unsigned"
        | "decimal"
        | "plain"
        | "double"
        | "date"
        | "datetime"
        | "hex"
        | "point";
    }
  /** The characters that were put in; undefined where only bytes can say the value. */
  | { readonly as: "characters"; readonly texts: readonly (string | undefined)[] };

/** A column of a type, and values at its edges as SQL. */
export interface TypedColumn {
  readonly name: string;
  readonly type: string;
  readonly values: readonly string[];
  readonly reading: Reading;
}

const int = (
  name: string,
  type: string,
  low: string,
  high: string,
  as: "int" | "long" | "unsigned" = "int",
): TypedColumn => ({
  name,
  type,
  values: ["NULL", low, high, "0", "1", "7", ...(low.startsWith("-") ? ["-1", "-7"] : [])],
  reading: { as },
});
const quoted = (values: readonly string[]): string[] =>
  values.map((v) => `'${v.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`);

const TEXTS = [
  "",
  "a",
  "NULL",
  "\\N",
  '"',
  "'",
  "\\",
  "a\nb\r\n\t\0\u001a\u0008",
  "é",
  "中文",
  " x",
  "{}",
  "0",
];
const WIDE = ["😀", "\u{10FFFF}", "\uFEFF", "e\u0301", "\uFFFD", "\u2028"];
const text = (name: string, type: string, texts: readonly string[]): TypedColumn => ({
  name,
  type,
  values: ["NULL", ...quoted(texts)],
  reading: { as: "characters", texts: [undefined, ...texts] },
});
/** Characters of a set as their bytes in it. */
const bytes = (
  name: string,
  set: string,
  values: readonly (readonly [hex: string, text: string | undefined])[],
): TypedColumn => ({
  name,
  type: `varchar(20) character set ${set}`,
  values: ["NULL", ...values.map(([hex]) => `_${set} X'${hex}'`)],
  reading: { as: "characters", texts: [undefined, ...values.map(([, t]) => t)] },
});
const hex = (name: string, type: string, values: readonly string[]): TypedColumn => ({
  name,
  type,
  values: ["NULL", ...values],
  reading: { as: "hex" },
});
const plain = (name: string, type: string, values: readonly string[]): TypedColumn => ({
  name,
  type,
  values: ["NULL", ...values],
  reading: { as: "plain" },
});

const DATES = [
  "'1970-01-01'",
  "'2024-02-29'",
  "'0001-01-01'",
  "'9999-12-31'",
  "'1000-01-01'",
  "'0000-00-00'",
  "'2024-00-15'",
  "'2024-02-31'",
  "'1969-12-31'",
];
const MOMENTS = [
  "'1970-01-01 00:00:00'",
  "'9999-12-31 23:59:59'",
  "'0001-01-01 00:00:00'",
  "'0000-00-00 00:00:00'",
  "'2024-02-29 12:34:56'",
  "'2024-02-31 01:02:03'",
];
const WITH_FRACTION = MOMENTS.map((m) => m.replace(/'$/, ".123'")).concat("'1969-12-31 23:59:59.999'");
const STAMPS = [
  "'1970-01-01 00:00:01'",
  "'2038-01-19 03:14:07'",
  "'2024-03-31 02:30:00'",
  "'0000-00-00 00:00:00'",
];
const DOUBLES = [
  "0.1",
  "-0.1",
  "0e0",
  "-0e0",
  "1e308",
  "-1.7976931348623157e308",
  "5e-324",
  "2.2250738585072014e-308",
  "9007199254740993",
  "0.30000000000000004",
  "123456.789e-10",
  "1e16",
  "1e-7",
];
/** Finite numbers of any bits, of 8 bytes or 4, the same each time, as literals of floating-point numbers. */
function anyBits(byteCount: 4 | 8, count: number): string[] {
  const random = new SeededRandom(byteCount);
  const found: string[] = [];
  while (found.length < count) {
    const bits = Buffer.from(random.bytes(byteCount));
    const value = byteCount === 8 ? bits.readDoubleLE() : bits.readFloatLE();
    if (Number.isFinite(value)) found.push(value.toExponential());
  }
  return found;
}

const POINT = "ST_GeomFromText('POINT(1.5 -2.25)')";

/** Every type of the manual, each with its edges. */
export function typedColumns(server: SqlServer): TypedColumn[] {
  return [
    int("tiny", "tinyint", "-128", "127"),
    int("flag", "tinyint(1)", "-128", "127"),
    int("tiny_u", "tinyint unsigned", "0", "255"),
    int("small", "smallint", "-32768", "32767"),
    int("small_u", "smallint unsigned", "0", "65535"),
    int("medium", "mediumint", "-8388608", "8388607"),
    int("medium_u", "mediumint unsigned zerofill", "0", "16777215"),
    int("plain_int", "int", "-2147483648", "2147483647"),
    int("int_u", "int unsigned", "0", "4294967295", "long"),
    int("int_z", "int(10) unsigned zerofill", "0", "4294967295", "long"),
    int("big", "bigint", "-9223372036854775808", "9223372036854775807", "long"),
    {
      ...int("big_u", "bigint unsigned", "0", "18446744073709551615", "unsigned"),
      values: ["NULL", "0", "9223372036854775807", "9223372036854775808", "18446744073709551615"],
    },
    {
      name: "money",
      type: "decimal(10,2)",
      values: ["NULL", "0", "-0.01", "99999999.99", "-99999999.99", "1.5"],
      reading: { as: "decimal" },
    },
    {
      name: "small_dec",
      type: "decimal(34,30)",
      values: ["NULL", "0", "0.000000000000000000000000000001", "-9999.999999999999999999999999999999", "1"],
      reading: { as: "decimal" },
    },
    {
      name: "whole_dec",
      type: "decimal(34,0) unsigned zerofill",
      values: ["NULL", "0", "9999999999999999999999999999999999", "42"],
      reading: { as: "decimal" },
    },
    plain("large_dec", "decimal(65,30)", [
      "0",
      "-0.000000000000000000000000000001",
      "99999999999999999999999999999999999.999999999999999999999999999999",
      "1.10",
    ]),
    { name: "ratio", type: "double", values: ["NULL", ...DOUBLES], reading: { as: "double" } },
    {
      name: "fixed",
      type: "double(12,3)",
      values: ["NULL", "0.1", "-999999999.999", "1e-3", "123.4565"],
      reading: { as: "double" },
    },
    { name: "any_ratio", type: "double", values: anyBits(8, 1000), reading: { as: "double" } },
    { name: "any_single", type: "float", values: anyBits(4, 1000), reading: { as: "double" } },
    {
      name: "single",
      type: "float",
      values: ["NULL", "0.1", "-0.1", "3.4028234e38", "1e-45", "16777217", "1.1754944e-38", "0.3"],
      reading: { as: "double" },
    },
    {
      name: "single_fixed",
      type: "float(7,4)",
      values: ["NULL", "0.1", "-999.9999", "0.0001"],
      reading: { as: "double" },
    },
    { name: "day", type: "date", values: ["NULL", ...DATES], reading: { as: "date" } },
    { name: "moment", type: "datetime", values: ["NULL", ...MOMENTS], reading: { as: "datetime" } },
    { name: "moment1", type: "datetime(1)", values: ["NULL", ...WITH_FRACTION], reading: { as: "datetime" } },
    { name: "moment3", type: "datetime(3)", values: ["NULL", ...WITH_FRACTION], reading: { as: "datetime" } },
    plain("moment6", "datetime(6)", [
      "'2024-02-29 12:34:56.123456'",
      "'0000-00-00 00:00:00.000000'",
      "'9999-12-31 23:59:59.999999'",
    ]),
    { name: "stamp", type: "timestamp null", values: ["NULL", ...STAMPS], reading: { as: "datetime" } },
    {
      name: "stamp3",
      type: "timestamp(3) null",
      values: ["NULL", ...STAMPS.map((s) => s.replace(/'$/, ".007'"))].filter((s) => !s.includes("0000")),
      reading: { as: "datetime" },
    },
    plain("stamp6", "timestamp(6) null", ["'2024-03-31 02:30:00.000001'", "'2038-01-19 03:14:07.999999'"]),
    plain("hours", "time", ["'838:59:59'", "'-838:59:59'", "'00:00:00'", "'25:00:00'"]),
    plain("hours6", "time(6)", ["'838:59:58.999999'", "'-00:00:00.000001'", "'00:00:00'"]),
    plain("years", "year", ["1901", "2155", "0", "2024"]),
    text("fixed_text", "char(12) character set utf8mb4", [...TEXTS, ...WIDE]),
    text("words", "varchar(50) character set utf8mb4", [...TEXTS, ...WIDE, "trailing  "]),
    text("binary_words", "varchar(50) character set utf8mb4 collate utf8mb4_bin", [...TEXTS, ...WIDE]),
    text("three_bytes", "varchar(50) character set utf8mb3", [...TEXTS, "\uFFFD"]),
    text("tiny_t", "tinytext character set utf8mb4", [...TEXTS, ...WIDE]),
    text("plain_t", "text character set utf8mb4", [...TEXTS, ...WIDE, "x".repeat(20_000)]),
    text("medium_t", "mediumtext character set utf8mb4", [...TEXTS, ...WIDE, "é\\".repeat(20_000)]),
    text("long_t", "longtext character set utf8mb4", [...TEXTS, ...WIDE]),
    text("choice", "enum('a','é','x,y','it''s') character set utf8mb4", ["a", "é", "x,y", "it's"]),
    {
      name: "choice_of_nothing",
      type: "enum('a','é','') character set utf8mb4",
      values: ["NULL", "'a'", "'é'", "''"],
      reading: { as: "int" },
    },
    text("choices", "set('a','é','z') character set utf8mb4", ["", "a", "é", "a,é", "a,é,z"]),
    text("choice_1", "enum('a','é') character set latin1", ["a", "é"]),
    bytes("latin1", "latin1", [
      ["E9", "é"],
      ["80", "€"],
      ["81", "\u0081"],
      ["", ""],
      ["61", "a"],
    ]),
    bytes("latin2", "latin2", [
      ["B1", "ą"],
      ["61", "a"],
    ]),
    bytes("cyrillic", "koi8r", [
      ["C1", "а"],
      ["FF", "Ъ"],
    ]),
    bytes("japanese", "cp932", [
      ["82A0", "あ"],
      ["8790", undefined],
      ["FA54", undefined],
      ["B1", "ｱ"],
    ]),
    bytes("sjis", "sjis", [
      ["82A0", "あ"],
      ["B1", "ｱ"],
    ]),
    bytes("ujis", "ujis", [["A4A2", "あ"]]),
    bytes("gbk", "gbk", [
      ["D6D0", "中"],
      ["61", "a"],
    ]),
    bytes("big5", "big5", [["A4A4", "中"]]),
    bytes("korean", "euckr", [["B0A1", "가"]]),
    bytes("ucs2", "ucs2", [
      ["00E9", "é"],
      ["4E2D", "中"],
      ["", ""],
    ]),
    bytes("utf16", "utf16", [
      ["D83DDE00", "😀"],
      ["00E9", "é"],
    ]),
    bytes("utf16le", "utf16le", [["3DD800DE", "😀"]]),
    bytes("utf32", "utf32", [
      ["0001F600", "😀"],
      ["000000E9", "é"],
    ]),
    bytes("ascii", "ascii", [
      ["61", "a"],
      ["", ""],
    ]),
    bytes("dos", "cp850", [["82", "é"]]),
    bytes("windows", "cp1251", [
      ["C0", "А"],
      ["98", undefined],
    ]),
    hex("bit1", "bit(1)", ["b'0'", "b'1'"]),
    hex("bit9", "bit(9)", ["b'0'", "b'101010101'", "b'111111111'"]),
    hex("bit64", "bit(64)", ["b'0'", "~0", "1"]),
    hex("fixed_bytes", "binary(4)", ["X'00'", "X'61626364'", "X'FF00FF00'", "''"]),
    hex("some_bytes", "varbinary(300)", ["''", "X'00'", "X'C3A9'", "X'FFFE'", "REPEAT(X'0D0A22', 100)"]),
    hex("tiny_b", "tinyblob", ["''", "X'00FF'"]),
    hex("plain_b", "blob", ["''", "X'5C4E'", "REPEAT(X'FF', 5000)"]),
    hex("medium_b", "mediumblob", ["''", "REPEAT(X'00', 70000)"]),
    hex("long_b", "longblob", ["''", "X'80'"]),
    {
      name: "place",
      type: "geometry",
      values: [
        "NULL",
        POINT,
        "ST_GeomFromText('LINESTRING(0 0,1 1)', 4326)",
        "ST_GeomFromText('POLYGON((0 0,1 0,1 1,0 0))')",
        "ST_GeomFromText('GEOMETRYCOLLECTION(POINT(1 2))')",
        "ST_GeomFromText('MULTIPOINT(1 2,3 4)')",
      ],
      reading: { as: "point" },
    },
    { name: "dot", type: "point", values: ["NULL", POINT], reading: { as: "point" } },
    ...(server === "mysql"
      ? [
          plain("document", "json", [
            `'{"b": 1, "a": [1.5, null, "é"], "😀": "\\\\n"}'`,
            "'1'",
            "'null'",
            "'\"x\"'",
            "'[]'",
          ]),
          hex("vectors", "vector(3)", ["STRING_TO_VECTOR('[1,2.5,-3]')"]),
        ]
      : [
          text("document", "json", [`{"b":  1, "a": [1.50]}`, "null"]),
          plain("id128", "uuid", ["'123e4567-e89b-12d3-a456-426655440000'"]),
          plain("address4", "inet4", ["'192.168.0.1'"]),
          plain("address6", "inet6", ["'2001:db8::ff00:42:8329'", "'::'"]),
        ]),
  ];
}
