import { expect, test } from "vitest";
import { sqlTypeOf, type ColumnRule } from "@firebreak/mysql-format";
import { fitRow, fitsPage, fitsRow, type RoomyColumn } from "../../src/tables/fit-row.ts";

const KEY: RoomyColumn = { name: "_id", rule: { kind: "objectId" }, exact: { kind: "objectId" } };

function fields(count: number, rule: ColumnRule, exact: ColumnRule = rule): RoomyColumn[] {
  return Array.from({ length: count }, (_, i) => ({ name: `f${i}`, rule, exact }));
}

function typesOf(columns: readonly RoomyColumn[], indexes: readonly (readonly string[])[] = []): string[] {
  const fitted = fitRow([KEY, ...columns], indexes);
  expect(fitsPage(fitted) && fitsRow(fitted)).toBe(true);
  return fitted.slice(1).map((c) => sqlTypeOf(c.rule));
}

const varchar = (maxCharacters: number): ColumnRule => ({ kind: "string", maxCharacters });
const decimal = (precision: number): ColumnRule => ({ kind: "decimal", precision, scale: 0 });

// The key takes 24 bytes of the row and `_extra` 12; of the page 24 and 42.
test.each([
  [124, 0],
  [125, 1],
])("of %i columns that together pass a row's bytes the longest become TEXT", (count, texts) => {
  const types = typesOf([
    ...fields(count, varchar(128)),
    ...fields(1, varchar(258)).map((c) => ({ ...c, name: "long" })),
  ]);
  expect(types.filter((t) => t === "text")).toHaveLength(texts);
  if (texts > 0) expect(types.at(-1)).toBe("text");
});

test("a column of an index is the last that becomes TEXT", () => {
  const types = typesOf(fields(30, varchar(768)), [["f0"], ["f1"]]);
  expect(types.slice(0, 2)).toEqual(["varchar(768)", "varchar(768)"]);
  expect(types).toContain("text");
});

test.each([
  [226, 226, 65],
  [227, 227, 20],
])(
  "%i decimals keep their columns: room is given back before a field loses its column",
  (count, kept, precision) => {
    const types = typesOf(fields(count, decimal(65), decimal(20)));
    expect(types).toHaveLength(kept);
    expect(new Set(types)).toEqual(new Set([`decimal(${precision},0)`]));
  },
);

test("texts that can leave the page keep their room, for without it the page has no more", () => {
  const types = typesOf(fields(300, varchar(80), varchar(64)));
  expect(types.length).toBeLessThan(300);
  expect(new Set(types)).toEqual(new Set(["varchar(80)"]));
});

test.each([
  [766, 0, "varchar(766)"],
  [766, 1, "varchar(255)"],
])(
  "an index stays whole where its columns fit without their room (%i and %i characters)",
  (length, more, type) => {
    const a: RoomyColumn = { name: "a", rule: varchar(length), exact: varchar(255) };
    const b: RoomyColumn = {
      name: "b",
      rule: { kind: "binary", maxBytes: 4 + more },
      exact: { kind: "binary", maxBytes: 4 },
    };
    expect(typesOf([a, b], [["a", "b"]])[0]).toBe(type);
    expect(typesOf([a, b], [])[0]).toBe(`varchar(${length})`);
  },
);

test("an index that does not fit without room either takes none of it away", () => {
  const long = fields(2, varchar(768), varchar(512));
  expect(typesOf(long, [["f0", "f1"]])).toEqual(["varchar(768)", "varchar(768)"]);
});
