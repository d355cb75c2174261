import { expect, test } from "vitest";
import { queryProblems } from "../../src/access/look-at-use.ts";

const QUERY = {
  server: "db",
  database: "shop",
  text: "SELECT",
  runs: 10,
  ms: 1,
  examined: 10_000,
  returned: 1000,
  isScan: true,
};

test.each([
  ["a thousand rows a run for a tenth of them", {}, true],
  ["fewer", { examined: 9_999 }, false],
  ["more of them returned", { returned: 1001 }, false],
  ["an index used", { isScan: false }, false],
])("a query with %s lacks an index: %s", (_, changes, isFound) => {
  const found = queryProblems([{ ...QUERY, ...changes }]);
  expect(found).toHaveLength(isFound ? 1 : 0);
  if (isFound)
    expect(found[0]).toMatchObject({ code: "index-missing", fields: { examined: 1000, runs: 10 } });
});
