import { join } from "node:path";
import { Decimal128, Double, Int32, Long, ObjectId } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { exported } from "@firebreak/testing/recipes/exported";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { queryTested } from "@firebreak/testing/recipes/query-tested";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { readQueries } from "../src/index.ts";
import { remedyFor } from "../src/slow/slow-query.ts";
import { mongodbSide } from "../src/sides/mongodb-side.ts";
import { mysqlSide } from "../src/sides/mysql-side.ts";

const SERVERS = ["mysql", "mariadb"] as const;
const SALES = 200;

describe.each(SERVERS)("queries of a file on MongoDB and %s", (server) => {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`are run as they stand${why}`, () => {
    const name = ownName(`file_${server}`);
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let target: SqlDatabase;
    let place: Awaited<ReturnType<typeof folder>>;

    /** @param sql the target's query, for the newest sales of a shop. */
    const file = (sql: string): string => `
queries:
  - name: newest sales
    source:
      collection: ${name}.sales
      filter: { shop: { $parameter: 1 }, at: { $lt: { $parameter: 2 } } }
      sort: { at: -1 }
      limit: 10
      projection: { _id: 1, at: 1, total: 1, count: 1, isPaid: 1, note: 1, weight: 1 }
    target: { sql: ${JSON.stringify(sql)} }
    ordered: true
    parameters:
      - ["shop 1", { $date: "2024-01-01T12:00:00.000Z" }]
      - ["shop 2", { $date: "2024-01-01T03:00:00.500Z" }]
`;
    const SQL =
      "SELECT _id, at, total, `count`, isPaid, note, weight FROM sales WHERE shop = ? AND at < ? ORDER BY at DESC LIMIT 10";

    beforeAll(async () => {
      source = await mongodbDatabase(name);
      await source.db.collection("sales").insertMany(
        Array.from({ length: SALES }, (_, i) => ({
          _id: new ObjectId((i + 1).toString(16).padStart(24, "0")),
          shop: `shop ${i % 3}`,
          at: new Date(Date.UTC(2024, 0, 1) + i * 300_500),
          total: Decimal128.fromString(`${i}.50`),
          count: Long.fromString("9007199254740993").add(i),
          isPaid: i % 2 === 0,
          weight: new Double(i / 7),
          line: new Int32(i),
          ...(i % 4 === 0 ? { note: i % 8 === 0 ? null : `ü ${i}` } : {}),
        })),
      );
      target = await sqlDatabase(server, name);
      place = await folder();
      expect((await exported(archive(), source.url)).ending).toBe("well");
      expect((await loaded(archive(), target.url)).ending).toBe("well");
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });
    const archive = (): string => join(place.path, "archive");

    const run = (sql: string) =>
      queryTested(
        archive(),
        { mongodbUrl: source.url, mysqlUrl: target.url },
        { custom: readQueries("q.yaml", file(sql)), exclude: ["*"] },
      );

    test("with equal answers, over numbers, dates, text, NULL and missing fields", async () => {
      const { results, differing } = await run(SQL);
      expect(differing).toEqual([]);
      expect(results.get("newest sales")).toMatchObject({ caseCount: 2, rowCount: 20 });
    });

    test("a query of SQL that is another one gives other answers", async () => {
      const { results } = await run(SQL.replace("at < ?", "at <= ? + INTERVAL 1 HOUR"));
      expect(results.get("newest sales")).toMatchObject({
        answersEqual: false,
        differences: [
          { parameters: { "parameter 1": '"shop 1"' }, first: { what: "changed" } },
          { parameters: { "parameter 1": '"shop 2"' }, first: { what: "changed" } },
        ],
      });
    });

    test("a query that the server refuses is a difference, with the server's words", async () => {
      const { results } = await run(SQL.replace("weight", "width"));
      expect(results.get("newest sales")?.differences[0]?.first).toMatchObject({
        what: "refused",
        by: "target",
        reason: expect.stringMatching(/Unknown column 'width'/),
      });
    });

    test("nothing can be written, not even by a function", async () => {
      await target.connection.query(
        "CREATE FUNCTION spoil() RETURNS INT MODIFIES SQL DATA BEGIN DELETE FROM sales; RETURN 1; END",
      );
      const { results } = await run(
        `${SQL.replace(" LIMIT 10", "")} LIMIT 10`.replace("weight", "spoil() AS weight"),
      );
      expect(results.get("newest sales")?.differences[0]?.first).toMatchObject({
        what: "refused",
        reason: expect.stringMatching(/READ ONLY transaction/i),
      });
      expect(await target.value("SELECT COUNT(*) FROM sales")).toBe(String(SALES));
    });

    test("plans say if an index serves them, on both sides", async () => {
      const [query] = readQueries("q.yaml", file(SQL));
      const [one] = query!.cases;
      const ask = async () => ({
        source: await mongodbSide(source.url, () => false).plan(one!),
        target: await mysqlSide(target.url).plan(one!),
      });
      const before = await ask();
      expect(before.source).toMatchObject({ isIndexUsed: false, text: expect.stringContaining("COLLSCAN") });
      expect(before.target).toMatchObject({ isIndexUsed: false, statement: SQL, statementCount: 1 });
      expect(before.target?.examinedRows).toBeGreaterThan(SALES / 2);
      expect(remedyFor(query!, before.target!)).toMatchObject({ what: "index-missing" });
      await source.db.collection("sales").createIndex({ shop: 1, at: -1 });
      await target.connection.query("CREATE INDEX shop_at ON sales (shop, at)");
      await target.connection.query("ANALYZE TABLE sales");
      const after = await ask();
      expect(after.source).toMatchObject({ isIndexUsed: true, text: expect.stringContaining("IXSCAN") });
      expect(after.target).toMatchObject({ isIndexUsed: true, text: expect.stringContaining("shop_at") });
    });
  });
});
