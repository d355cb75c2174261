import fc from "fast-check";
import { expect, test } from "vitest";
import { csvRow } from "../../src/csv/csv-dialect.ts";
import { fromByteText } from "@firebreak/archive";
import { readCsv } from "../../src/csv/read-csv.ts";

type Rows = (string | null)[][];

/** The CSV as transform writes it. */
const csvOf = (rows: Rows): Buffer => Buffer.from(rows.map((row) => csvRow(row)).join(""), "utf8");

async function* blocksOf(bytes: Buffer, size: number): AsyncGenerator<Buffer> {
  for (let at = 0; at < bytes.length; at += size) yield bytes.subarray(at, at + size);
}

async function rowsOf(bytes: Buffer, size = bytes.length || 1): Promise<Rows> {
  const rows: Rows = [];
  for await (const row of readCsv(blocksOf(bytes, size), "a.csv"))
    rows.push(row.map((c) => (c === null ? null : fromByteText(c))));
  return rows;
}

const cell = fc.oneof(
  fc.constant(null),
  fc.constantFrom(
    "",
    "NULL",
    '"',
    '""',
    ",",
    "\n",
    '","',
    '"\n"',
    "\\N",
    "\r\n",
    "\0",
    "\ufeff",
    "中😀",
    "NULL,\n",
  ),
  fc.string({ unit: "binary" }),
);
const rows = fc
  .integer({ min: 1, max: 5 })
  .chain((width) => fc.array(fc.array(cell, { minLength: width, maxLength: width }), { maxLength: 6 }));

test("a row is RFC 4180: values quoted, quotes doubled, NULL the bare word, a newline at the end", () => {
  expect(csvRow(["a", null, 'say "x"', "", "NULL", "1,2\r\n"])).toBe(
    '"a",NULL,"say ""x""","","NULL","1,2\r\n"\n',
  );
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      const values = cells.map((c) => (c === null ? "NULL" : `"${c.split('"').join('""')}"`));
      expect(csvRow(cells)).toBe(`${values.join(",")}\n`);
    }),
  );
});

test("rows come back from what transform wrote, in blocks of any size", async () => {
  await fc.assert(
    fc.asyncProperty(rows, fc.integer({ min: 1, max: 40 }), async (expected, size) => {
      expect(await rowsOf(csvOf(expected), size)).toEqual(expected);
    }),
  );
});

test("rows come back from blocks of one byte", async () => {
  const expected: Rows = [
    ['"', null, "é😀"],
    ["", "NULL", "\n"],
    [null, null, null],
    ['""', ",", '"\n"'],
  ];
  expect(await rowsOf(csvOf(expected), 1)).toEqual(expected);
});

test.each(["NULL", '"a', '"a"', '"a",', '"a"\n"b', "NUL", '"a""'])(
  "%j ends in the middle of a row, and that is said",
  async (text) => {
    await expect(rowsOf(Buffer.from(text))).rejects.toMatchObject({ code: "line-unreadable", exitCode: 5 });
  },
);

test.each(["abc\n", '"a"b\n', "\n", "NULLx\n", '"a";"b"\n', "null\n", "\\N00\n"])(
  "%j is not of this dialect, and its row is named",
  async (text) => {
    await expect(rowsOf(Buffer.from(`"ok"\n${text}"ok"\n`))).rejects.toMatchObject({
      code: "line-unreadable",
      fields: { file: "a.csv", line: 2 },
    });
  },
);
