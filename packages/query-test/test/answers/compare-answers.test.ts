import { expect, test } from "vitest";
import { compareAnswers } from "../../src/answers/compare-answers.ts";
import type { Answer } from "../../src/tested-query.ts";

const answer = (rows: readonly Record<string, string | null>[], isWhole = true): Answer => ({
  rows: rows.map((row) => new Map(Object.entries(row))),
  isWhole,
});
const ids = (...numbers: number[]): Record<string, string>[] => numbers.map((n) => ({ id: String(n) }));
const ordered = { isOrdered: true };
const unordered = { isOrdered: false };

test("rows in another order differ only where the order counts", () => {
  const [one, other] = [answer(ids(1, 2, 3)), answer(ids(3, 1, 2))];
  expect(compareAnswers(one, other, unordered)).toBe(undefined);
  expect(compareAnswers(one, other, ordered)).toEqual({
    what: "changed",
    row: 1,
    column: "id",
    source: "1",
    target: "3",
  });
});

test("a row that one answer lacks is missing or extra", () => {
  expect(compareAnswers(answer(ids(1, 2)), answer(ids(1)), ordered)).toEqual({
    what: "missing",
    row: 2,
    values: 'id "2"',
  });
  expect(compareAnswers(answer(ids(1)), answer(ids(1, 2)), unordered)).toMatchObject({ what: "extra" });
  expect(compareAnswers(answer(ids(1, 1)), answer(ids(1)), unordered)).toMatchObject({ what: "missing" });
});

test("where a limit cut an answer, rows beyond it are no difference", () => {
  expect(compareAnswers(answer(ids(1, 2)), answer(ids(1), false), ordered)).toBe(undefined);
  expect(compareAnswers(answer(ids(1), false), answer(ids(1, 2)), ordered)).toBe(undefined);
  expect(compareAnswers(answer(ids(1), false), answer(ids(2), false), ordered)).toMatchObject({
    what: "changed",
  });
  expect(compareAnswers(answer(ids(1), false), answer(ids(2), false), unordered)).toBe(undefined);
  expect(compareAnswers(answer(ids(1, 2), false), answer(ids(1)), unordered)).toMatchObject({
    what: "missing",
  });
});

test("NULL equals a missing column, and a filled-in column counts unless the query says otherwise", () => {
  const [bare, filled] = [answer([{ id: "1" }]), answer([{ id: "1", type: "5" }])];
  expect(compareAnswers(bare, answer([{ id: "1", type: null }]), ordered)).toBe(undefined);
  expect(compareAnswers(bare, filled, ordered)).toMatchObject({ column: "type", source: null, target: "5" });
  expect(compareAnswers(bare, filled, { isOrdered: true, isPartial: true })).toBe(undefined);
  expect(compareAnswers(filled, bare, { isOrdered: true, isPartial: true })).toMatchObject({
    column: "type",
  });
});
