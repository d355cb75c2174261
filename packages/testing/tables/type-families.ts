import type { SeededRandom } from "@firebreak/fixtures";
import type { SqlServer } from "../servers/databases.ts";

/** A column, the values at the edges of its type, and any others of it; all as SQL literals. */
export interface TypeCase {
  readonly type: string;
  readonly edges: readonly string[];
  readonly any?: (random: SeededRandom) => string;
  readonly on?: SqlServer;
}

export const text = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
export const quoted = (...values: string[]): string[] => values.map(text);
const hex = (random: SeededRandom, bytes: number): string =>
  `X'${Buffer.from(random.bytes(bytes)).toString("hex")}'`;
export const digits = (random: SeededRandom, count: number): string =>
  Array.from({ length: count }, () => String(Math.floor(random.fraction() * 10))).join("");
export const pick = (random: SeededRandom, letters: string, length: number): string =>
  Array.from({ length }, () => [...letters][Math.floor(random.fraction() * [...letters].length)]).join("");
const pad = (n: number, width = 2): string => String(n).padStart(width, "0");

export function integers(name: string, bits: bigint): TypeCase[] {
  const half = 1n << (bits - 1n);
  const of = (least: bigint, most: bigint) => ({
    edges: [least, least + 1n, most, most - 1n, 0n, 1n, 7n].map(String),
    any: (random: SeededRandom) => String(least + (BigInt(digits(random, 20)) % (most - least + 1n))),
  });
  return [
    { type: name, ...of(-half, half - 1n) },
    { type: `${name} unsigned`, ...of(0n, 2n * half - 1n) },
  ];
}

/** Returns a double of any bits, in digits that read back as the same double. */
export function anyDouble(random: SeededRandom): string {
  for (;;) {
    const bytes = Buffer.from(random.bytes(8));
    const value = bytes.readDoubleLE();
    if (Number.isFinite(value)) return value.toExponential();
  }
}

export function anyFloat(random: SeededRandom): string {
  for (;;) {
    const bytes = Buffer.from(random.bytes(4));
    const value = bytes.readFloatLE();
    if (Number.isFinite(value)) return value.toExponential();
  }
}

export function moments(type: "datetime" | "timestamp", fraction: number): TypeCase {
  const behind = (random: SeededRandom): string => (fraction === 0 ? "" : `.${digits(random, fraction)}`);
  const isStamp = type === "timestamp";
  const nines = fraction === 0 ? "" : `.${"9".repeat(fraction)}`;
  return {
    type: fraction === 0 ? type : `${type}(${fraction})`,
    edges: isStamp
      ? quoted("1970-01-01 00:00:01", "2038-01-19 03:14:07", "0000-00-00 00:00:00", "2024-02-29 12:00:00")
      : quoted(
          "0000-00-00 00:00:00",
          "0001-01-01 00:00:00",
          "1000-01-01 00:00:00",
          `9999-12-31 23:59:59${nines}`,
          "2024-02-31 01:02:03",
          "2024-00-15 01:02:03",
          "2024-05-00 00:00:00",
          "1969-12-31 23:59:59",
          "1582-10-10 00:00:00",
        ),
    any: (random) => {
      const year = isStamp
        ? 1971 + Math.floor(random.fraction() * 60)
        : 1 + Math.floor(random.fraction() * 9998);
      const [month, day] = [1 + Math.floor(random.fraction() * 12), 1 + Math.floor(random.fraction() * 28)];
      const time = [24, 60, 60].map((limit) => pad(Math.floor(random.fraction() * limit))).join(":");
      return text(`${pad(year, 4)}-${pad(month)}-${pad(day)} ${time}${behind(random)}`);
    },
  };
}

const HOSTILE = [
  "",
  "NULL",
  "\\N",
  "\\",
  "'",
  '"',
  '""',
  '","',
  "\n",
  "\r\n",
  "\t",
  "\0",
  "\u001a",
  " lead",
  "/* c */",
  "`",
  "?",
  "%_",
  "t",
  "b",
  "bAAAA",
];

const LATIN = "aé ÿ'\\\"ß,";
const JAPANESE = "ア漢字ーａ~\\'\"";

export function texts(): TypeCase[] {
  const any = (letters: string, length: number) => (random: SeededRandom) =>
    text(pick(random, letters, Math.floor(random.fraction() * length)));
  const unicode = "aé中😀'\\\"\n,\u{10ffff}\ufeff";
  return [
    { type: "char(10)", edges: quoted(...HOSTILE, "😀".repeat(10)), any: any("aé中😀", 10) },
    { type: "varchar(200)", edges: quoted(...HOSTILE, "a ", "  ", "é".repeat(200)), any: any(unicode, 60) },
    { type: "tinytext", edges: quoted(...HOSTILE, "x".repeat(255)), any: any(unicode, 50) },
    { type: "text", edges: [...quoted(...HOSTILE), "REPEAT('é', 30000)"], any: any(unicode, 80) },
    { type: "mediumtext", edges: [...quoted(...HOSTILE), "REPEAT('漢', 100000)"], any: any(unicode, 80) },
    { type: "longtext", edges: [...quoted(...HOSTILE), "REPEAT('😀', 100000)"], any: any(unicode, 80) },
    { type: "varchar(50) character set utf8mb3", edges: quoted("", "é中", "\\"), any: any("aé中'\\", 30) },
    {
      type: "varchar(50) character set latin1",
      edges: [...quoted("", "é€", "\\"), "_latin1 X'818D8F909D80FF00'", "_latin1 X'C3A9'"],
      any: any(LATIN, 40),
    },
    { type: "char(20) character set latin2", edges: quoted("", "żółć"), any: any("żółćaß", 19) },
    { type: "varchar(50) character set ascii", edges: quoted("", "\\", "'\"~"), any: any("ab'\\\"~", 40) },
    { type: "varchar(50) character set utf16", edges: quoted("", "é😀"), any: any("aé中😀'\\", 20) },
    {
      type: "varchar(50) character set ucs2",
      edges: [...quoted("", "é中"), "_ucs2 X'D800'"],
      any: any("aé中'\\", 20),
    },
    { type: "varchar(50) character set utf32", edges: quoted("", "é😀"), any: any("aé中😀'\\", 20) },
    {
      type: "varchar(50) character set cp932",
      // Three codes of one character, of which UTF-8 gives one back, and one that it does not know.
      edges: [
        ...quoted("", "ア"),
        "_cp932 X'81CA'",
        "_cp932 X'EEF9'",
        "_cp932 X'FA54'",
        "_cp932 X'F040'",
        "_cp932 X'815F5C'",
      ],
      any: any(JAPANESE, 20),
    },
    {
      type: "text character set sjis",
      edges: [...quoted("", "漢字"), "_sjis X'8160'"],
      any: any(JAPANESE, 20),
    },
    {
      type: "varchar(50) character set gbk",
      edges: [...quoted("", "中"), "_gbk X'A2A1'", "_gbk X'FE50'"],
      any: any("中文'\\a", 20),
    },
    {
      type: "varchar(50) character set big5",
      edges: [...quoted("", "中"), "_big5 X'A1C3'", "_big5 X'C255'"],
      any: any("中文'\\a", 20),
    },
    { type: "varchar(50) character set euckr", edges: quoted("", "한국"), any: any("한국a'\\", 20) },
    {
      type: "varchar(50) character set koi8r",
      edges: [...quoted("", "жук"), "_koi8r X'80FF'"],
      any: any("жук'\\", 20),
    },
    { type: "enum('a','b','é','it''s','','zz') ", edges: quoted("a", "b", "é", "it's", "", "zz") },
    { type: "enum('ア','漢') character set cp932", edges: quoted("ア", "漢") },
    { type: "set('x','y','z','é')", edges: quoted("", "x", "x,y,z,é", "é", "y,z") },
  ];
}

export function bytes(): TypeCase[] {
  const any = (limit: number) => (random: SeededRandom) => hex(random, Math.floor(random.fraction() * limit));
  const edges = ["X''", "X'00'", "X'0000'", "X'FF'", "X'27225C0A0D1A'", "'NULL'"];
  return [
    {
      type: "binary(5)",
      edges: [...edges.filter((e) => e.length < 12), "X'0102030405'"],
      any: (r) => hex(r, 5),
    },
    { type: "varbinary(300)", edges: [...edges, "REPEAT(X'FE', 300)"], any: any(40) },
    { type: "tinyblob", edges: [...edges, "REPEAT(X'00', 255)"], any: any(40) },
    { type: "blob", edges: [...edges, "REPEAT(X'80', 65535)"], any: any(40) },
    { type: "mediumblob", edges: [...edges, "REPEAT(X'FF', 100000)"], any: any(40) },
    { type: "longblob", edges: [...edges, "REPEAT(X'5C', 300000)"], any: any(40) },
    { type: "bit(1)", edges: ["b'0'", "b'1'"] },
    {
      type: "bit(10)",
      edges: ["0", "1", "1023", "512"],
      any: (r) => String(Math.floor(r.fraction() * 1024)),
    },
    {
      type: "bit(64)",
      edges: ["0", "18446744073709551615", "9223372036854775808", "1"],
      any: (r) => String(BigInt(digits(r, 20)) % (1n << 64n)),
    },
  ];
}

export function shapes(): TypeCase[] {
  const number = (random: SeededRandom): string => String((random.fraction() - 0.5) * 1e6);
  const point = (random: SeededRandom): string => `${number(random)} ${number(random)}`;
  const from = (wkt: string): string => `ST_GeomFromText('${wkt}')`;
  return [
    {
      type: "geometry",
      edges: [
        "POINT(1 2)",
        "LINESTRING(0 0,1 1)",
        "MULTIPOINT((0 0),(1 1))",
        "GEOMETRYCOLLECTION(POINT(1 1))",
      ].map(from),
      any: (r) => from(`LINESTRING(${point(r)},${point(r)})`),
    },
    { type: "point", edges: [from("POINT(-1e-300 1e300)")], any: (r) => from(`POINT(${point(r)})`) },
    {
      type: "linestring",
      edges: [from("LINESTRING(0 0,0 1,2 3)")],
      any: (r) => from(`LINESTRING(${point(r)},${point(r)})`),
    },
    { type: "polygon", edges: [from("POLYGON((0 0,4 0,4 4,0 0),(1 1,2 1,2 2,1 1))")] },
    { type: "multipoint", edges: [from("MULTIPOINT((0 0),(5 5))")] },
    { type: "multilinestring", edges: [from("MULTILINESTRING((0 0,1 1),(2 2,3 3))")] },
    { type: "multipolygon", edges: [from("MULTIPOLYGON(((0 0,1 0,1 1,0 0)))")] },
    { type: "geometrycollection", edges: [from("GEOMETRYCOLLECTION(POINT(1 1),LINESTRING(0 0,1 1))")] },
    { type: "point srid 4326", edges: ["ST_GeomFromText('POINT(10 20)', 4326)"], on: "mysql" },
  ];
}
