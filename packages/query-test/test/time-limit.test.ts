import { expect, describe, test } from "vitest";
import {
  lacking,
  mongodbDatabase,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
} from "@firebreak/testing/servers/databases";
import { mongodbSide } from "../src/sides/mongodb-side.ts";
import { mysqlSide } from "../src/sides/mysql-side.ts";
import { testOneQuery } from "../src/test-one-query.ts";
import type { QueryCase } from "../src/tested-query.ts";

const LIMIT = 100;

/** Combinations of 1,000 rows that take a server far longer to count than any test lasts. */
const ENDLESS = "SELECT COUNT(*) AS n FROM r a, r b, r c, r d, r e WHERE a.n + b.n + c.n + d.n + e.n > 9";

describe.each(SQL_SERVERS)("a query without an end on %s", (server) => {
  const { isLacking, why } = lacking("mongodb", server);
  test.skipIf(isLacking)(`is ended, and is slow, with its plan${why}`, async () => {
    await using source = await mongodbDatabase(ownName(`limit_${server}`));
    await using target = await sqlDatabase(server, ownName(`limit_${server}`));
    await target.connection.query("CREATE TABLE r (n INT PRIMARY KEY)");
    const rows = Array.from({ length: 1000 }, (_, i) => [i]);
    await target.connection.query("INSERT INTO r VALUES ?", [rows]);
    const endless: QueryCase = {
      parameters: {},
      mongodb: async () => ({ rows: [], isWhole: true }),
      mysql: async (select) => {
        await select({ sql: ENDLESS, values: [] });
        return { rows: [], isWhole: true };
      },
    };
    const never: QueryCase = {
      ...endless,
      mysql: () => Promise.reject(new Error("a case is asked after one that was ended")),
    };
    const sides = {
      source: mongodbSide(source.url, () => false),
      target: mysqlSide(target.url, LIMIT),
      connectionCount: 2,
    };
    const result = await testOneQuery({ name: "endless", isOrdered: false, cases: [endless, never] }, sides);
    expect(result).toMatchObject({ answersEqual: true, uncomparedCount: 2 });
    expect(result.target.executionCount).toBe(1);
    expect(result.slow?.endedAfterMs).toBeDefined();
    expect(result.slow?.target.statement).toBe(ENDLESS);
  });
});

const { isLacking, why } = lacking("mongodb");
test.skipIf(isLacking)(`a read without an end in MongoDB is ended${why}`, async () => {
  await using source = await mongodbDatabase(ownName("limit"));
  await source.db.collection("many").insertMany(Array.from({ length: 100 }, () => ({})));
  const read: QueryCase = {
    parameters: {},
    mongodb: async (find) => {
      const filter = { $where: "sleep(100) || true" };
      await find({ database: source.db.databaseName, collection: "many", filter });
      return { rows: [], isWhole: true };
    },
    mysql: () => Promise.reject(new Error("MySQL is not asked")),
  };
  const side = mongodbSide(source.url, () => false, LIMIT);
  const session = await side.connect();
  try {
    expect(await session.ask(read)).toMatchObject({ answer: undefined, refusal: undefined });
    expect(await session.time(read)).toBeGreaterThan(0);
  } finally {
    await session.close();
  }
  expect((await side.plan(read))?.isIndexUsed).toBe(false);
});
