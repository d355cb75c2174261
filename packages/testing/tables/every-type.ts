import type { Connection } from "mysql2/promise";
import { SeededRandom } from "@firebreak/fixtures";
import type { SqlServer } from "../servers/databases.ts";

/** A column, the values at the edges of its type, and any others of it; all as SQL literals. */
export interface TypeCase {
  readonly type: string;
  readonly edges: readonly string[];
  readonly any?: (random: SeededRandom) => string;
  readonly on?: SqlServer;
}

const text = (value: string): string => `'${value.replaceAll("\\", "\\\\").replaceAll("'", "''")}'`;
const quoted = (...values: string[]): string[] => values.map(text);
const hex = (random: SeededRandom, bytes: number): string =>
  `X'${Buffer.from(random.bytes(bytes)).toString("hex")}'`;
const digits = (random: SeededRandom, count: number): string =>
  Array.from({ length: count }, () => String(Math.floor(random.fraction() * 10))).join("");
const pick = (random: SeededRandom, letters: string, length: number): string =>
  Array.from({ length }, () => [...letters][Math.floor(random.fraction() * [...letters].length)]).join("");
const pad = (n: number, width = 2): string => String(n).padStart(width, "0");

function integers(name: string, bits: bigint): TypeCase[] {
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

/** A double of any bits, as the digits that read back as it. */
function anyDouble(random: SeededRandom): string {
  for (;;) {
    const bytes = Buffer.from(random.bytes(8));
    const value = bytes.readDoubleLE();
    if (Number.isFinite(value)) return value.toExponential();
  }
}

function anyFloat(random: SeededRandom): string {
  for (;;) {
    const bytes = Buffer.from(random.bytes(4));
    const value = bytes.readFloatLE();
    if (Number.isFinite(value)) return value.toExponential();
  }
}

function moments(type: "datetime" | "timestamp", fraction: number): TypeCase {
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

function texts(): TypeCase[] {
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

function bytes(): TypeCase[] {
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

function shapes(): TypeCase[] {
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

/** A column of every type of the manual (MySQL 9.7, 13; MariaDB: Data Types) that a server has. */
export function typeCases(server: SqlServer): TypeCase[] {
  const all: TypeCase[] = [
    ...integers("tinyint", 8n),
    { type: "tinyint(1)", edges: ["-128", "0", "1", "127"] },
    ...integers("smallint", 16n),
    ...integers("mediumint", 24n),
    ...integers("int", 32n),
    ...integers("bigint", 64n),
    { type: "int(8) unsigned zerofill", edges: ["0", "42", "99999999", "4294967295"] },
    { type: "bigint unsigned zerofill", edges: ["0", "42", "18446744073709551615"] },
    {
      type: "decimal(65,30)",
      edges: [`-${"9".repeat(35)}.${"9".repeat(30)}`, `0.${"0".repeat(29)}1`, "0", "-1.5"],
      any: (r) => `${digits(r, 35)}.${digits(r, 30)}`,
    },
    {
      type: "decimal(34,10)",
      edges: [`-${"9".repeat(24)}.${"9".repeat(10)}`, "0.0000000001", "0", "100"],
      any: (r) => `-${digits(r, 24)}.${digits(r, 10)}`,
    },
    {
      type: "decimal(10,2)",
      edges: ["0", "-0.01", "99999999.99", "-99999999.99", "1.50"],
      any: (r) => `${digits(r, 8)}.${digits(r, 2)}`,
    },
    { type: "decimal(20,0)", edges: ["0", "-1", "9".repeat(20)], any: (r) => digits(r, 20) },
    { type: "decimal(10,2) unsigned zerofill", edges: ["0", "0.01", "99999999.99"] },
    {
      type: "float",
      edges: ["0", "-0e0", "1.17549435e-38", "3.40282347e38", "-3.4e38", "1.4e-45", "0.1", "16777217"],
      any: anyFloat,
    },
    {
      type: "float(7,3)",
      edges: ["0", "-1.5", "1234.567", "0.001"],
      any: (r) => `${digits(r, 4)}.${digits(r, 3)}`,
    },
    { type: "float unsigned zerofill", edges: ["0", "0.1", "1e10"] },
    {
      type: "double",
      edges: [
        "0",
        "-0e0",
        "1.7976931348623157e308",
        "-1.7976931348623157e308",
        "4.9e-324",
        "2.2250738585072014e-308",
        "0.1",
        "9007199254740993e0",
      ],
      any: anyDouble,
    },
    {
      type: "double(12,4)",
      edges: ["0", "-1.5", "99999999.9999"],
      any: (r) => `${digits(r, 8)}.${digits(r, 4)}`,
    },
    {
      type: "date",
      edges: quoted(
        "0000-00-00",
        "0000-01-01",
        "0001-01-01",
        "1000-01-01",
        "9999-12-31",
        "2024-02-29",
        "2024-02-31",
        "2024-00-00",
        "1582-10-10",
      ),
    },
    {
      type: "time",
      edges: quoted("838:59:59", "-838:59:59", "00:00:00", "-00:00:01", "100:00:00", "99:59:59"),
    },
    { type: "time(3)", edges: quoted("838:59:58.999", "-838:59:58.999", "-00:00:00.001", "00:00:00") },
    {
      type: "time(6)",
      edges: quoted("838:59:58.999999", "-838:59:58.999999", "-00:00:00.000001", "00:00:00"),
    },
    { type: "year", edges: ["0", "1901", "2155", "2000", "1970"] },
    ...[0, 1, 2, 3, 4, 5, 6].map((fraction) => moments("datetime", fraction)),
    ...[0, 3, 6].map((fraction) => moments("timestamp", fraction)),
    ...texts(),
    ...bytes(),
    ...shapes(),
    {
      type: "json",
      edges: quoted(
        "{}",
        "[]",
        "null",
        "true",
        '""',
        "0",
        "-0.0",
        "18446744073709551615",
        "-9223372036854775808",
        "1e100",
        "0.1",
        '{"b": 1, "a": [1, 2.5, null, "é😀\\\\"]}',
        '"\\u0000\\n"',
      ),
      any: (r) => text(JSON.stringify({ [pick(r, "abc", 3)]: r.fraction(), n: [digits(r, 5), null] })),
    },
    { type: "vector(3)", edges: ["X'0000803F0000004000004040'", "X'000000000000000000000080'"], on: "mysql" },
    {
      type: "uuid",
      edges: quoted(
        "00000000-0000-0000-0000-000000000000",
        "ffffffff-ffff-ffff-ffff-ffffffffffff",
        "123e4567-e89b-12d3-a456-426655440000",
      ),
      on: "mariadb",
    },
    {
      type: "inet6",
      edges: quoted("::", "::1", "2001:db8::ff00:42:8329", "::ffff:192.0.2.1"),
      on: "mariadb",
    },
    { type: "inet4", edges: quoted("0.0.0.0", "255.255.255.255", "192.0.2.1"), on: "mariadb" },
  ];
  return all.filter(({ on }) => on === undefined || on === server);
}

/** The table's column of a case. */
function columnName(i: number): string {
  return `c${i}`;
}

/**
 * Creates a table with a column for each case and fills it: each column has its
 * type's edges and NULL first, then any values of it.
 */
export async function fillTable(
  connection: Connection,
  table: string,
  cases: readonly TypeCase[],
  rowCount: number,
): Promise<void> {
  const random = new SeededRandom(6);
  const columns = cases.map(({ type }, i) => `${columnName(i)} ${nullable(type)}`);
  await connection.query(`CREATE TABLE ${table} (id INT NOT NULL PRIMARY KEY, ${columns.join(", ")})`);
  const rows = Array.from({ length: rowCount }, (_, n) => {
    const values = cases.map(({ edges, any }) => {
      const edge = n % (edges.length + 1);
      const isEdge = any === undefined || n <= edges.length;
      return isEdge ? (edges[edge] ?? "NULL") : any(random);
    });
    return `(${[n, ...values].join(",")})`;
  });
  for (let at = 0; at < rows.length; at += 50)
    await connection.query(`INSERT INTO ${table} VALUES ${rows.slice(at, at + 50).join(",")}`);
}

function nullable(type: string): string {
  return type.startsWith("timestamp") ? `${type} NULL` : type;
}
