import { expect, test } from "vitest";
import { rawFields, RAW_LINE_START } from "@firebreak/archive";
import type { ColumnRule } from "@firebreak/mysql-format";
import { RowRefit } from "../../../src/delta/refit/refit-row.ts";
import type { TablePlan } from "../../../src/tables/table-plan.ts";

const rules: Record<string, ColumnRule> = {
  _id: { kind: "integer", bits: 32 },
  name: { kind: "string", maxCharacters: 16 },
  price: { kind: "decimal", precision: 6, scale: 2 },
  _extra: { kind: "extra" },
};
const plan: TablePlan = {
  kind: "generic",
  namespace: "d.c",
  database: "d",
  table: "c",
  columns: Object.entries(rules).map(([name, rule]) => ({ name, rule })),
  rowEncoding: "values",
};
const refit = new RowRefit(plan, new Set(["name", "price"]));
const long = (n: number): string => `"name":"${"x".repeat(n)}"`;

test.each<[string, string | null, (string | null)[] | undefined]>([
  ["has nothing in _extra", null, undefined],
  ["has nothing of the columns there", '{"other":true}', undefined],
  ["has a value that fits", `{${long(16)}}`, ["1", "x".repeat(16), null, null]],
  ["has one that is one character too long", `{${long(17)}}`, undefined],
  [
    "has a value that fits among others, which stay in their order",
    `{"a":true,${long(3)},"z":[1],"price":{"$numberDouble":"1.5"}}`,
    ["1", "xxx", null, '{"a":true,"z":[1],"price":{"$numberDouble":"1.5"}}'],
  ],
  ["has decimals that fit", '{"price":{"$numberDecimal":"1234.5"}}', ["1", null, "1234.50", null]],
  ["has more digits than fit", '{"price":{"$numberDecimal":"12345"}}', undefined],
  ["has more decimals than fit", '{"price":{"$numberDecimal":"1.005"}}', undefined],
  ["has an explicit null", '{"name":null}', undefined],
])("a row that %s", (_, extra, expected) => {
  expect(refit.refit(["1", null, null, extra])).toEqual(expected);
});

test("values that were in columns stay there", () => {
  expect(refit.refit(["1", "there", null, '{"price":{"$numberInt":"7"}}'])).toEqual([
    "1",
    "there",
    "7.00",
    null,
  ]);
});

test("of what only bytes can say the rest stays as bytes, and names that occur twice stay there", () => {
  const element = (name: string, text: string): Buffer =>
    Buffer.concat([
      Buffer.from(`\x02${name}\0`),
      Buffer.from(Uint32Array.of(text.length + 1).buffer),
      Buffer.from(`${text}\0`, "latin1"),
    ]);
  const raw = (...elements: readonly Buffer[]): string => {
    const size = elements.reduce((sum, e) => sum + e.length, 5);
    const bson = Buffer.concat([Buffer.from(Uint32Array.of(size).buffer), ...elements, Buffer.alloc(1)]);
    return `${RAW_LINE_START}${bson.toString("base64")}"}}`;
  };
  const bad = element("bad", "\xff");
  const fitted = refit.refit(["1", null, null, raw(element("name", "fits"), bad)]);
  expect(fitted?.slice(0, 3)).toEqual(["1", "fits", null]);
  expect(rawFields(fitted![3]!)?.map((f) => f.element)).toEqual([bad]);
  expect(refit.refit(["1", null, null, raw(element("name", "a"), element("name", "b"))])).toBeUndefined();
});
