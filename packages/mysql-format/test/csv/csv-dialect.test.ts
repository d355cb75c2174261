import { stringify } from "csv-stringify/sync";
import fc from "fast-check";
import { expect, test } from "vitest";
import {
  CSV_DIALECT,
  csvRow,
  csvRowPieces,
  loadDataStatement,
  putCsvRow,
  quoteIdentifier,
} from "../../src/csv/csv-dialect.ts";
import { toByteText, LineBuffer } from "@firebreak/archive";

/** The dialect as csv-stringify writes it, whose output was proved on both servers. */
function reference(rows: (string | null)[][]): string {
  return stringify(rows, {
    delimiter: CSV_DIALECT.delimiter,
    quote: CSV_DIALECT.quote,
    record_delimiter: CSV_DIALECT.rowDelimiter,
    quoted_string: true,
    cast: {
      null: () => ({ value: CSV_DIALECT.null, quoted: false, quoted_string: false }) as unknown as string,
    },
  });
}

const cell = fc.oneof(
  fc.constant(null),
  fc.constantFrom("", "NULL", '"', '""', ",", "\n", '","', '"\n"', "\\N", "\r\n", "\0", "\ufeff", "中😀"),
  fc.string({ unit: "binary" }),
);

test("a row is what csv-stringify would write", () => {
  fc.assert(
    fc.property(fc.array(cell, { minLength: 1 }), (cells) => {
      expect(csvRow(cells)).toBe(reference([cells]));
    }),
    { numRuns: 1000 },
  );
});

test("a row is written as bytes as it is made as text, be its cells short or long", () => {
  const long = fc.string({ unit: "binary", minLength: 38, maxLength: 45 });
  const out = new LineBuffer();
  fc.assert(
    fc.property(fc.array(fc.oneof(cell, long), { minLength: 1 }), (cells) => {
      const bytes = cells.map((c) => (c === null ? null : toByteText(c)));
      out.clear();
      putCsvRow(out, bytes);
      expect(out.written().toString("latin1")).toBe(csvRow(bytes));
    }),
    { numRuns: 1000 },
  );
});

test("a row that is larger than its buffer is written whole", () => {
  const out = new LineBuffer();
  const cells = ['"'.repeat(40), '"'.repeat(700_000), null, "x".repeat(800_000)];
  putCsvRow(out, cells);
  expect(out.written().toString("latin1") === csvRow(cells)).toBe(true);
});

test("a column's name cannot leave its quotes", () => {
  expect(quoteIdentifier("a`; DROP TABLE b; --")).toBe("`a``; DROP TABLE b; --`");
});

test("binary columns are loaded from base64, others as they are", () => {
  const statement = loadDataStatement(
    "`t`",
    [
      { name: "a`b", sqlType: "int", form: "text" },
      { name: "c", sqlType: "blob", form: "binary" },
    ],
    "it's",
  );
  expect(statement).toContain("LOCAL INFILE 'it''s' REPLACE INTO TABLE `t` CHARACTER SET utf8mb4");
  expect(statement).toContain("(`a``b`, @c2) SET `c` = IFNULL(FROM_BASE64(@c2), ");
});

test("a huge row's pieces are the row", () => {
  const huge = `${'é"'.repeat(200_000)}end`;
  for (const cells of [[huge], [null, huge, ""], [huge, "a", null]])
    expect([...csvRowPieces(cells)].join("")).toBe(csvRow(cells));
});
