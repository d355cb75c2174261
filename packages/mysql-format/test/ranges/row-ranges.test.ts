import fc from "fast-check";
import { expect, test } from "vitest";
import type { SourceTable } from "@firebreak/archive";
import { boundColumns, RowRanges } from "../../src/ranges/row-ranges.ts";

const SAMPLE = 256;

/** PRIMARY KEY (tenant, kind, id), whose `kind` is an ENUM: ranges can be bounded by `tenant` alone. */
const table = {
  columns: [
    column("tenant", "int"),
    column("kind", "enum"),
    column("id", "int"),
    { ...column("text", "varchar"), characterSet: "utf8mb4" },
  ],
  keyColumns: ["tenant", "kind", "id"],
  indexes: [
    {
      name: "PRIMARY",
      isUnique: true,
      columns: ["tenant", "kind", "id"].map((name) => ({ name, isDescending: false })),
      type: "BTREE",
    },
  ],
} as unknown as SourceTable;

interface Row {
  readonly tenant: number;
  readonly textBytes: number;
}

test("only the columns in front of an ENUM bound ranges", () => {
  expect(boundColumns(table)).toEqual(["tenant"]);
});

test("ranges are those of the whole list of rows, however many rows share a bound", () => {
  const groups = fc.array(
    fc.record({
      rows: fc.oneof(
        fc.integer({ min: 1, max: 6 }),
        fc.constantFrom(SAMPLE - 1, SAMPLE, SAMPLE + 1),
        fc.integer({ min: 1, max: 900 }),
      ),
      textBytes: fc.constantFrom(0, 10, 1000, 5000, 40_000),
    }),
    { maxLength: 12 },
  );
  const partBytes = fc.constantFrom(1, 1000, 30_000, 60_000, 300_000);
  fc.assert(
    fc.property(groups, partBytes, (of, bytes) => {
      const rows = of.flatMap(({ rows: count, textBytes }, tenant) =>
        Array.from({ length: count }, (): Row => ({ tenant, textBytes })),
      );
      expect(rangesOf(rows, bytes)).toEqual(rangesOfList(rows, bytes));
    }),
    { numRuns: 60 },
  );
});

test.each([-1, 0, 1])(
  "a part's number of rows of one bound, and %i more, end a range as they did",
  (more) => {
    const [textBytes, partBytes] = [100, 100_000];
    const filling = rowsOfPart(textBytes, partBytes) + more;
    const rows = [
      ...Array.from({ length: filling }, (): Row => ({ tenant: 1, textBytes })),
      ...Array.from({ length: 10 }, (_, i): Row => ({ tenant: 2 + i, textBytes })),
    ];
    expect(rangesOf(rows, partBytes)).toEqual(rangesOfList(rows, partBytes));
  },
);

// When each row looked through all before it, these took a quarter of an hour.
test("rows of one bound are looked at in time that grows with their number", () => {
  const rowCount = 300_000;
  const plan = new RowRanges(table, ["tenant"], 10_000);
  const lines = [0, 1].map((tenant) => lineOf({ tenant, textBytes: 10 }));
  for (const line of lines) for (let i = 0; i < rowCount; i++) plan.look(line);
  const cut = plan.cut();
  const counts = new Map<number, number>();
  for (const line of lines)
    for (let i = 0; i < rowCount; i++) {
      const range = cut.rangeOf(line);
      counts.set(range, (counts.get(range) ?? 0) + 1);
    }
  // The first border is the first row's own: the range in front of it is empty.
  expect([...counts]).toEqual([
    [1, rowCount],
    [2, rowCount],
  ]);
});

/** The range of each row. */
function rangesOf(rows: readonly Row[], partBytes: number): number[] {
  const plan = new RowRanges(table, ["tenant"], partBytes);
  const lines = rows.map(lineOf);
  for (const line of lines) plan.look(line);
  const cut = plan.cut();
  return lines.map((line) => cut.rangeOf(line));
}

/** The same by the rule alone, with all rows at hand. */
function rangesOfList(rows: readonly Row[], partBytes: number): number[] {
  const groupOf = (i: number): number => rows.findIndex(({ tenant }) => tenant === rows[i]!.tenant);
  const ranges: number[] = [];
  let [start, range] = [0, 0];
  while (start < rows.length) {
    const rowCount = rowCountOf(rows.slice(start, start + SAMPLE), partBytes);
    let end = rows.length;
    if (start + rowCount < rows.length) {
      end = groupOf(start + rowCount);
      if (end <= start) {
        if (start === 0) range = 1;
        const next = rows.findIndex(({ tenant }, i) => i > start && tenant !== rows[start]!.tenant);
        end = next < 0 ? rows.length : next;
      }
    }
    for (; start < end; start++) ranges.push(range);
    range++;
  }
  return ranges;
}

/** How many rows an export takes for a part: by 4 of them, or by as many as are 4 MiB, at most 256. */
function rowCountOf(sample: readonly Row[], partBytes: number): number {
  const average = (count: number): number => {
    const looked = sample.slice(0, count);
    return Math.max(
      1,
      looked.reduce((sum, { textBytes }) => sum + sizeOf(textBytes), 0) / Math.max(1, looked.length),
    );
  };
  const rows = Math.min(SAMPLE, Math.floor((4 << 20) / average(4)));
  return Math.max(1, Math.floor((partBytes * 0.9) / average(rows > 4 ? rows : 4)));
}

function rowsOfPart(textBytes: number, partBytes: number): number {
  return rowCountOf([{ tenant: 0, textBytes }], partBytes);
}

/** Names with what is around them, three numbers or kinds, and a text with its quotes. */
function sizeOf(textBytes: number): number {
  return 2 + (6 + 4) + (4 + 4) + (2 + 4) + (4 + 4) + 30 + 3 + 1 + 30 + 3 + textBytes;
}

function lineOf({ tenant, textBytes }: Row): string {
  return `{"tenant":{"$numberInt":"${tenant}"},"kind":"a","id":{"$numberInt":"7"},"text":"${"x".repeat(textBytes)}"}`;
}

function column(name: string, dataType: string): Record<string, unknown> {
  return { name, dataType, sqlType: dataType, isNullable: false, isGenerated: false, comment: "" };
}
