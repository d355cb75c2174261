import { expect, test } from "vitest";
import { worded } from "@firebreak/testing/command-line/worded";
import { oneSelect } from "../../src/file/one-select.ts";
import { readQueries } from "../../src/file/read-queries.ts";

const query = (fields: string): string => `queries:\n  - name: recent\n${fields.replaceAll(/^/gm, "    ")}\n`;
const SOURCE = "source: { collection: shop.orders, filter: { customer: { $parameter: 1 } } }";
const TARGET = 'target: { sql: "SELECT total FROM orders WHERE customer = ?" }';

test("a file of queries is read", () => {
  const [read] = readQueries("q.yaml", query(`${SOURCE}\n${TARGET}\nordered: true\nparameters: [[a], [b]]`));
  expect(read).toMatchObject({ name: "recent", isOrdered: true });
  expect(read?.cases.map(({ parameters }) => parameters)).toEqual([
    { "parameter 1": '"a"' },
    { "parameter 1": '"b"' },
  ]);
});

test.each<[string, string, object]>([
  ["no YAML", "queries: [", { entry: undefined, key: undefined }],
  ["no queries", "queries: []", { entry: undefined, key: "queries" }],
  [
    "an unknown key",
    query(`${SOURCE}\n${TARGET}\nparameters: [[a]]\nlimit: 3`),
    { entry: "recent", key: "" },
  ],
  [
    "a collection without its database",
    query(`source: { collection: orders }\n${TARGET}`),
    { entry: "recent", key: "source.collection" },
  ],
  [
    "a limit without an order",
    query(`source: { collection: shop.orders, limit: 3 }\n${TARGET}`),
    { entry: "recent", key: "ordered", reason: worded(/needs ordered: true/) },
  ],
  [
    "a write",
    query(`${SOURCE}\ntarget: { sql: DELETE FROM orders }`),
    { entry: "recent", key: "target.sql", reason: worded(/one SELECT/) },
  ],
  [
    "a value too few",
    query(`${SOURCE}\n${TARGET}\nparameters: [[a], []]`),
    { entry: "recent", key: "parameters.1", reason: worded(/has 1 \? .* 0 values/) },
  ],
  [
    "a parameter that is not there",
    query(`source: { collection: a.b, filter: { x: { $parameter: 2 } } }\n${TARGET}\nparameters: [[a]]`),
    { entry: "recent", key: "source.filter" },
  ],
])("a file with %s is refused, with the entry and the key", (_, text, fields) => {
  expect(() => readQueries("q.yaml", text)).toThrow(
    expect.objectContaining({
      code: "queries-file",
      exitCode: 2,
      fields: expect.objectContaining({ file: "q.yaml", ...fields }),
    }),
  );
});

test("an entry without a name is named by its number", () => {
  expect(() => readQueries("q.yaml", "queries:\n  - source: {}\n")).toThrow(
    expect.objectContaining({ fields: expect.objectContaining({ entry: "number 1" }) }),
  );
});

test.each([
  "DELETE FROM t",
  "SELECT 1; SELECT 2",
  "SELECT * FROM t INTO OUTFILE '/tmp/x'",
  "SELECT * FROM t FOR UPDATE",
  "SELECT 1 /*! INTO @a */",
  "WITH a AS (SELECT 1) DELETE FROM t",
  "SELECT '?' FROM t WHERE a = ?",
  "SET @a = 1",
])("%s is not one SELECT that only reads", (sql) => {
  expect(oneSelect(sql)).toBe(undefined);
});

test.each([
  ["SELECT a FROM t WHERE b = ? AND c = ?;", 2],
  ["(SELECT `update` FROM t -- into\n) ORDER BY 1", 0],
  ["WITH a AS (SELECT ';' AS b) SELECT * FROM a WHERE b = ?", 1],
])("%s is one SELECT", (sql, parameterCount) => {
  expect(oneSelect(sql)).toMatchObject({ parameterCount });
});
