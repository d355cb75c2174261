import fc from "fast-check";
import { expect, test } from "vitest";
import { fitColumn } from "../../src/target/column-fit.ts";
import type { FieldValue } from "../../src/documents/field-value.ts";
import type { ColumnFacts } from "@firebreak/archive";

function column(type: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  return {
    name: "c",
    type,
    isUnsigned: false,
    isNullable: false,
    isDefaultExpression: false,
    isAutoIncrement: false,
    ...more,
  };
}

test.each([
  ["tinyint", -128n, 127n],
  ["smallint", -32_768n, 32_767n],
  ["mediumint", -8_388_608n, 8_388_607n],
  ["int", -2_147_483_648n, 2_147_483_647n],
  ["bigint", -(2n ** 63n), 2n ** 63n - 1n],
])("%s holds %d to %d", (type, lowest, highest) => {
  for (const value of [lowest, highest, 0n]) expect(fitColumn(column(type), value)).toEqual({ value });
  for (const value of [lowest - 1n, highest + 1n])
    expect(fitColumn(column(type), value)).toEqual({ misfit: "integer-out-of-range" });
  const unsigned = column(type, { isUnsigned: true });
  expect(fitColumn(unsigned, highest * 2n + 1n)).toEqual({ value: highest * 2n + 1n });
  expect(fitColumn(unsigned, -1n)).toEqual({ misfit: "integer-out-of-range" });
});

test("a Double is an integer where it is one exactly", () => {
  expect(fitColumn(column("bigint"), 2 ** 53 - 1)).toEqual({ value: 2n ** 53n - 1n });
  expect(fitColumn(column("int"), -0)).toEqual({ value: 0n });
  for (const value of [2 ** 53, 1.5, Number.NaN, Infinity])
    expect(fitColumn(column("bigint"), value)).toEqual({ misfit: "type-wrong" });
});

const wrong: [string, FieldValue][] = [
  ["int", "42"],
  ["int", { foreignKind: "decimal" }],
  ["int", new Date(0)],
  ["varchar", 42n],
  ["varchar", new Uint8Array(2)],
  ["blob", "text"],
  ["blob", { foreignKind: "other" }],
  ["datetime", 1_700_000_000_000n],
  ["datetime", "2024-01-01 00:00:00"],
  ["double", 1n],
  ["double", Number.NaN],
];
test.each(wrong)("%s does not take %o", (type, value) => {
  expect(fitColumn(column(type), value)).toEqual({ misfit: "type-wrong" });
});

test("NULL goes where a column takes it", () => {
  expect(fitColumn(column("int", { isNullable: true }), null)).toEqual({ value: null });
  expect(fitColumn(column("int"), null)).toEqual({ misfit: "null-refused" });
});

test("VARCHAR counts characters and TEXT counts bytes", () => {
  const varchar = column("varchar", { characters: 3 });
  expect(fitColumn(varchar, "😀长x")).toEqual({ value: "😀长x" });
  expect(fitColumn(varchar, "abcd")).toEqual({ misfit: "text-too-long" });
  const text = column("text", { characterSet: "utf8mb4" });
  expect(fitColumn(text, "长".repeat(21_845))).toHaveProperty("value");
  expect(fitColumn(text, `${"长".repeat(21_845)}x`)).toEqual({ misfit: "text-too-long" });
});

test("a character set holds what it can, and a lone surrogate is no text at all", () => {
  const inSet = (characterSet: string): ColumnFacts => column("varchar", { characters: 9, characterSet });
  expect(fitColumn(inSet("utf8mb3"), "长")).toEqual({ value: "长" });
  expect(fitColumn(inSet("utf8mb3"), "😀")).toEqual({ misfit: "text-not-in-charset" });
  expect(fitColumn(inSet("latin1"), "é")).toEqual({ misfit: "text-not-in-charset" });
  expect(fitColumn(inSet("utf8mb4"), "\ud83d")).toEqual({ misfit: "text-not-in-charset" });
});

test("bodies up to the column's own limit", () => {
  const body = (bytes: number): Uint8Array => new Uint8Array(bytes);
  expect(fitColumn(column("blob"), body(65_535))).toHaveProperty("value");
  expect(fitColumn(column("blob"), body(65_536))).toEqual({ misfit: "bytes-too-long" });
  expect(fitColumn(column("mediumblob"), body(65_536))).toHaveProperty("value");
  expect(fitColumn(column("varbinary", { bytes: 10 }), body(11))).toEqual({ misfit: "bytes-too-long" });
});

test("dates beyond DATETIME, and columns of types that no rule knows", () => {
  expect(fitColumn(column("datetime"), new Date(Date.UTC(10_000, 0, 1)))).toEqual({
    misfit: "date-out-of-range",
  });
  for (const type of ["char", "binary", "json", "timestamp", "decimal"])
    expect(fitColumn(column(type), "x")).toEqual({ misfit: "column-type-unknown" });
});

test("what fits is what went in, never cut or changed", () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.bigInt(), fc.uint8Array()), (value) => {
      for (const type of ["varchar", "bigint", "blob"]) {
        const fitted = fitColumn(column(type, { characters: 5 }), value);
        if (fitted.misfit === undefined) expect(fitted.value).toBe(value);
      }
    }),
  );
});
