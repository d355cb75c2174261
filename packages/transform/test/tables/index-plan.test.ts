import { expect, test } from "vitest";
import type { ColumnRule } from "@firebreak/mysql-format";
import { fitsIndex, planIndexes, type SourceIndex } from "../../src/tables/index-plan.ts";
import type { TablePlan } from "../../src/tables/table-plan.ts";

const columns: Record<string, ColumnRule> = {
  _id: { kind: "objectId" },
  n: { kind: "integer", bits: 32 },
  at: { kind: "date" },
  short: { kind: "string", maxCharacters: 64 },
  long: { kind: "string", maxCharacters: 768 },
  long2: { kind: "string", maxCharacters: 768 },
  text: { kind: "string", maxBytes: 5000 },
  blob: { kind: "binary", maxBytes: 100_000 },
  nested: { kind: "nested" },
  _extra: { kind: "extra" },
};
const plan: TablePlan = {
  kind: "generic",
  namespace: "d.c",
  database: "d",
  table: "c`c",
  columns: Object.entries(columns).map(([name, rule]) => ({ name, rule })),
  rowEncoding: "values",
};

const index = (key: Record<string, number | string>, more: Partial<SourceIndex> = {}): SourceIndex => ({
  name: Object.entries(key).flat().join("_"),
  key: new Map(
    Object.entries(key).map(([n, d]) => [n, typeof d === "number" ? { $numberInt: String(d) } : d]),
  ),
  ...more,
});
const statements = (...sources: SourceIndex[]): string[] =>
  planIndexes(plan, sources).indexes.map((i) => i.statement);

test("the index on _id is the primary key", () => {
  expect(planIndexes(plan, [index({ _id: 1 }, { name: "_id_" })])).toEqual({
    indexes: [],
    unique: new Set(),
    notCarried: [],
  });
});

test.each<[string, SourceIndex, string]>([
  ["one field", index({ n: 1 }), "CREATE INDEX `n_1` ON `c``c` (`n`)"],
  [
    "several fields and directions",
    index({ n: 1, at: -1 }),
    "CREATE INDEX `n_1_at__1` ON `c``c` (`n`, `at` DESC)",
  ],
  [
    "a unique one",
    index({ short: 1 }, { unique: true }),
    "CREATE UNIQUE INDEX `short_1` ON `c``c` (`short`)",
  ],
  ["a TEXT by its beginning", index({ text: 1 }), "CREATE INDEX `text_1` ON `c``c` (`text`(191))"],
  ["a BLOB by its beginning", index({ blob: 1 }), "CREATE INDEX `blob_1` ON `c``c` (`blob`(191))"],
  [
    "a direction of a Double",
    { name: "d", key: new Map([["n", { $numberDouble: "-1.0" }]]) },
    "CREATE INDEX `d` ON `c``c` (`n` DESC)",
  ],
])("%s is carried over", (_, source, statement) => {
  expect(statements(source)).toEqual([statement]);
});

test("names that are numbers keep their place", () => {
  const numbered: TablePlan = {
    ...plan,
    columns: [...plan.columns, { name: "0", rule: { kind: "integer", bits: 32 } }],
  };
  const key = new Map<string, unknown>([
    ["n", { $numberInt: "1" }],
    ["0", { $numberInt: "1" }],
  ]);
  expect(planIndexes(numbered, [{ name: "both", key }]).indexes[0]?.statement).toContain("(`n`, `0`)");
});

test("columns too long together are indexed by their beginnings, and the index is no longer unique", () => {
  const { indexes, notCarried } = planIndexes(plan, [index({ long: 1, long2: 1 }, { unique: true })]);
  expect(indexes.map((i) => i.statement)).toEqual([
    "CREATE INDEX `long_1_long2_1` ON `c``c` (`long`(191), `long2`(191))",
  ]);
  expect(notCarried).toEqual([{ kind: "index", name: "long_1_long2_1", reason: "not-unique" }]);
});

test("sixteen long columns fit a key of 3,072 bytes together", () => {
  const names = Array.from({ length: 16 }, (_, i) => `w${i}`);
  const wide: TablePlan = {
    ...plan,
    columns: names.map((name) => ({ name, rule: { kind: "string", maxCharacters: 768 } })),
  };
  const key = Object.fromEntries(names.map((n) => [n, 1]));
  const { indexes } = planIndexes(wide, [index(key, { name: "all" })]);
  const lengths = [...indexes[0]!.statement.matchAll(/\((\d+)\)/g)].map(([, n]) => Number(n) * 4);
  expect(lengths).toHaveLength(16);
  expect(lengths.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(3072);
});

test.each<[string, SourceIndex, string, string]>([
  ["a text index", index({ _fts: "text", _ftsx: 1 }), "index-kind", "text"],
  ["a geographic one", index({ n: "2dsphere" }), "index-kind", "2dsphere"],
  ["a hashed one", index({ n: "hashed" }), "index-kind", "hashed"],
  ["one over a field inside a document", index({ "nested.x": 1 }), "inside-document", "nested.x"],
  ["one over documents", index({ nested: 1 }), "holds-documents", "nested"],
  ["one over a field without a column", index({ other: 1 }), "no-column", "other"],
  ["one over _extra", index({ _extra: 1 }), "no-column", "_extra"],
  ["one of all fields", index({ "$**": 1 }), "no-column", "$**"],
  [
    "one of 17 fields",
    index(Object.fromEntries(Array.from({ length: 17 }, (_, i) => [`f${i}`, 1]))),
    "too-many-fields",
    "16",
  ],
])("%s has no counterpart, and that is said once", (_, source, reason, detail) => {
  const { indexes, notCarried } = planIndexes(plan, [source]);
  expect(indexes).toEqual([]);
  expect(notCarried).toEqual([{ kind: "index", name: source.name, reason, detail }]);
});

test.each<[string, Partial<SourceIndex>, string]>([
  ["with a partial filter", { unique: true, partialFilterExpression: {} }, "not-unique"],
  ["with a collation", { unique: true, collation: { locale: "en" } }, "not-unique"],
  ["that lets documents expire", { expireAfterSeconds: { $numberInt: "60" } }, "no-expiry"],
])("an index %s is carried over, and what it loses is said", (_, more, reason) => {
  const { indexes, notCarried } = planIndexes(plan, [index({ at: 1 }, more)]);
  expect(indexes.map((i) => i.statement)).toEqual(["CREATE INDEX `at_1` ON `c``c` (`at`)"]);
  expect(notCarried).toEqual([{ kind: "index", name: "at_1", reason }]);
});

test("names of indexes are made safe and stay apart", () => {
  const names = ["a b", "a.b", "A_B", "PRIMARY", "", "é", "x".repeat(100), "x".repeat(101)];
  const made = planIndexes(
    plan,
    names.map((name) => index({ n: 1 }, { name })),
  ).indexes.map((i) => i.name);
  expect(new Set(made.map((n) => n.toLowerCase())).size).toBe(names.length);
  for (const name of made) expect(name).toMatch(/^[A-Za-z0-9_]{1,64}$/);
  expect(made.map((n) => n.toLowerCase())).not.toContain("primary");
});

test("a table has 64 indexes at most, the primary key among them", () => {
  const many = Array.from({ length: 70 }, (_, i) => index({ n: 1 }, { name: `i${i}` }));
  const { indexes, notCarried } = planIndexes(plan, many);
  expect([indexes.length, notCarried.length]).toEqual([63, 7]);
  expect(notCarried[0]).toEqual({ kind: "index", name: "i63", reason: "too-many-indexes", detail: "64" });
});

const wide = (maxCharacters: number): ColumnRule => ({ kind: "string", maxCharacters });

test.each([
  ["(`a`)", 767, true],
  ["(`a`)", 768, false],
  ["(`a`, `b`)", 704, true],
  ["(`a` DESC, `b`)", 705, false],
  ["(`b`, `a`(191))", 768, true],
  ["(`b`)", 768, true],
])("an index %s with a column of %i characters has room: %s", (parts, characters, isFit) => {
  const own = [
    { name: "a", rule: wide(characters) },
    { name: "b", rule: wide(63) },
  ];
  expect(fitsIndex(`CREATE UNIQUE INDEX \`i(\` ON \`c\`\`c (\` ${parts}`, own)).toBe(isFit);
});
