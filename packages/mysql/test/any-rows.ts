import fc from "fast-check";
import { csvRow } from "@firebreak/mysql-format";
import { RowHasher, TableDigest, type PlainDigest } from "@firebreak/items";
import { toByteText, type MysqlTable } from "@firebreak/archive";

/** What a careless dialect, escape or conversion would change. */
export const HOSTILE_STRINGS: readonly string[] = [
  "",
  "NULL",
  "\\N",
  "\\",
  "\\\\",
  "\\'",
  "'",
  "''",
  "a'b''c",
  "' OR 1=1; -- ",
  '"',
  '""',
  '","',
  '"\n"',
  ",",
  "\n",
  "\r\n",
  "\t",
  "\0",
  "a\0b",
  "\u001a",
  "\u0008",
  "\ufeff",
  "\ufeffstart",
  "%_",
  "\\%\\_",
  "é",
  "e\u0301",
  "中文",
  "😀",
  "\u{10FFFF}",
  "\uFFFD",
  "/* comment */",
  "`",
  "?",
  "x".repeat(60_000),
  "\\'\n😀".repeat(2000),
];

type Shape = Pick<MysqlTable, "columns" | "keyColumns" | "rowEncoding">;

/** A column of every kind that transform makes. */
export const SHAPE: Shape = {
  columns: [
    { name: "id", sqlType: "int", form: "text" },
    { name: "big", sqlType: "bigint", form: "text" },
    { name: "ratio", sqlType: "double", form: "double" },
    { name: "price", sqlType: "decimal(65,30)", form: "text" },
    { name: "flag", sqlType: "tinyint(1)", form: "text" },
    { name: "at", sqlType: "datetime(3)", form: "text" },
    { name: "object id", sqlType: "char(24)", form: "text" },
    { name: "short", sqlType: "varchar(100)", form: "text" },
    { name: "lo`ng", sqlType: "longtext", form: "text" },
    { name: "bytes", sqlType: "varbinary(300)", form: "binary" },
    { name: "bl'ob", sqlType: "longblob", form: "binary" },
  ],
  keyColumns: ["id"],
  rowEncoding: "values",
};

export type Row = (string | null)[];

const text = fc.oneof(
  fc.constantFrom(...HOSTILE_STRINGS.filter((s) => s.length <= 100)),
  fc.string({ unit: "binary", maxLength: 50 }),
  fc.string({ unit: fc.constantFrom("'", "\\", '"', "a", "é", "😀", "\0", "\n"), maxLength: 12 }),
);
const bytes = fc.uint8Array({ maxLength: 300 }).map((b) => Buffer.from(b).toString("base64"));
const or = (cell: fc.Arbitrary<string>): fc.Arbitrary<string | null> => fc.option(cell, { freq: 8 });

/** Rows of `SHAPE`, each with an own key, as text. */
export const anyRows: fc.Arbitrary<Row[]> = fc
  .array(
    fc.tuple(
      or(fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)),
      or(fc.double({ noNaN: true, noDefaultInfinity: true }).map((n) => String(Object.is(n, -0) ? 0 : n))),
      or(
        fc
          .tuple(fc.bigInt({ min: 1n, max: 10n ** 34n }), fc.nat({ max: 999_999_999 }), fc.boolean())
          .map(
            ([n, fraction, isNegative]) => `${isNegative ? "-" : ""}${n}.${String(fraction).padEnd(30, "0")}`,
          ),
      ),
      or(fc.constantFrom("0", "1")),
      or(
        fc
          .date({
            min: new Date("0001-01-01T00:00:00Z"),
            max: new Date("9999-12-31T23:59:59.999Z"),
            noInvalidDate: true,
          })
          .map((d) => d.toISOString().replace("T", " ").replace("Z", "")),
      ),
      or(fc.string({ unit: fc.constantFrom(..."0123456789abcdef"), minLength: 24, maxLength: 24 })),
      or(text),
      or(text),
      or(bytes),
      or(bytes),
    ),
    { minLength: 1, maxLength: 60 },
  )
  .map((rows) => rows.map((row, i) => [String(i - 5), ...row]));

/** As a part of an archive has them. */
export function csvOf(rows: readonly Row[]): Buffer {
  return Buffer.from(rows.map((row) => csvRow(row)).join(""), "utf8");
}

/** In blocks that cut rows and characters anywhere. */
export async function* blocksOf(csv: Buffer, size = 64 * 1024): AsyncGenerator<Buffer> {
  for (let at = 0; at < csv.length; at += size) yield csv.subarray(at, at + size);
}

/** The digest that the archive expects of these rows. */
export function digestOf(rows: readonly Row[], { columns, rowEncoding }: Shape): PlainDigest {
  const hasher = new RowHasher(
    columns.map((c) => c.form),
    rowEncoding,
  );
  const digest = new TableDigest();
  for (const row of rows)
    digest.add(hasher.hash(row.map((cell) => (cell === null ? null : toByteText(cell)))));
  return digest.toPlain();
}
