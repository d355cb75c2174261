import { expect, test } from "vitest";
import { DEFAULT_FIELD_NAMES } from "../../src/documents/field-names.ts";
import { gatherer, MESSAGE_COLUMNS, USER_MESSAGE_COLUMNS } from "../../src/rows/gather.ts";
import { KNOWN_COLUMNS } from "../../src/rows/row-plan.ts";

test("fields come under the profile's names, those left aside nowhere, the rest among the others", () => {
  const gather = gatherer({ id: "_id", dt: "createdAt" }, ["__v"]);
  const fields = [
    ["createdAt", null],
    ["_dt", 1n],
    ["__v", 0n],
    ["_id", 7n],
  ] as const;
  expect(gather(fields)).toEqual({ id: 7n, dt: null, others: [{ name: "_dt", value: 1n }] });
  expect(gather([])).toEqual({ others: [] });
});

test("every column that has a rule is gathered, and every field of a document has a name", () => {
  expect(Object.values(MESSAGE_COLUMNS).toSorted()).toEqual(Object.keys(KNOWN_COLUMNS.messages).toSorted());
  expect(Object.values(USER_MESSAGE_COLUMNS).toSorted()).toEqual(
    Object.keys(KNOWN_COLUMNS.userMessages).toSorted(),
  );
  const { id: _, ...messages } = DEFAULT_FIELD_NAMES.messages;
  expect(messages).toEqual({ ...messages, ...without(MESSAGE_COLUMNS, "mid") });
});

function without(columns: Readonly<Record<string, string>>, key: string): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(columns).filter(([name]) => name !== key));
}
