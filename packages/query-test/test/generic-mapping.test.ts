import { join } from "node:path";
import { Binary, Decimal128, Double, Int32, Long, ObjectId, UUID, type Document } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { exported } from "@firebreak/testing/recipes/exported";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { queryTested, type QueryTested } from "@firebreak/testing/recipes/query-tested";
import {
  lacking,
  mongodbDatabase,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";

const ORDERS = 500;

function order(number: number): Document {
  return {
    _id: new ObjectId(number.toString(16).padStart(24, "0")),
    number: number % 3 === 0 ? Long.fromNumber(number) : new Int32(number),
    customer: `customer "${number % 7}" ü`,
    total: Decimal128.fromString(`${number}.50`),
    weight: new Double(number / 3),
    at: new Date(Date.UTC(2024, 0, 1) + number * 61_001),
    isPaid: number % 2 === 0,
    lines: [{ sku: `s${number}`, count: new Int32(2) }],
    mark: new Binary(Buffer.from([0, number % 256, 39])),
    token: UUID.createFromHexString(number.toString(16).padStart(32, "0")),
    ...(number % 5 === 0 ? { note: null } : {}),
    ...(number % 11 === 0 ? { weight: new Double(-0) } : {}),
  };
}

describe.each(SQL_SERVERS)("a collection and its table in %s", (server) => {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`are asked the same${why}`, () => {
    const name = ownName(`queries_${server}`);
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let target: SqlDatabase;
    let place: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    const ask = (): Promise<QueryTested> =>
      queryTested(archive, { mongodbUrl: source.url, mysqlUrl: target.url });

    beforeAll(async () => {
      source = await mongodbDatabase(name);
      const orders = source.db.collection("orders");
      await orders.insertMany(Array.from({ length: ORDERS }, (_, i) => order(i + 1)));
      await orders.createIndex({ customer: 1, at: -1 }, { name: "customer_at" });
      await orders.createIndex({ at: -1 });
      await orders.createIndex({ token: 1 });
      await orders.createIndex({ "lines.sku": 1 });
      await source.db
        .collection<{ _id: unknown; v: number }>("mixed")
        .insertMany([1, "one", { a: 1 }, true].map((_id, v) => ({ _id, v })));
      target = await sqlDatabase(server, name);
      place = await folder();
      archive = join(place.path, "archive");
      expect((await exported(archive, source.url)).ending).toBe("well");
      expect((await loaded(archive, target.url)).ending).toBe("well");
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await target[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test("by key, by each index and in pages, with equal answers", async () => {
      const { results, notes, differing } = await ask();
      expect(differing).toEqual([]);
      expect([...results.keys()].map((query) => query.replace(`${name}.`, ""))).toEqual([
        "mixed by _id",
        "orders by _id",
        "orders page by _id",
        "orders by customer, at (customer_at)",
        "orders by at (at_-1)",
        "orders by token (token_1)",
      ]);
      expect(results.get(`${name}.orders by _id`)).toMatchObject({ caseCount: 20, rowCount: 20 });
      expect(results.get(`${name}.orders by customer, at (customer_at)`)).toMatchObject({
        caseCount: 12,
        rowCount: 12,
      });
      expect(notes.map(({ code, fields }) => [code, fields])).toContainEqual([
        "indexes-not-asked",
        { indexes: [{ namespace: `${name}.orders`, index: "lines.sku_1", field: "lines.sku" }] },
      ]);
    });

    test("and times are those of every execution", async () => {
      const { results } = await ask();
      for (const { source, target, caseCount } of results.values())
        for (const side of [source, target]) {
          // Each phase after the first may end early, on a machine with other work.
          expect(side.executionCount).toBeGreaterThan(caseCount);
          expect(side.executionCount).toBeLessThanOrEqual(caseCount * 11);
          expect(side.p50Ms).toBeGreaterThan(0);
          expect(side.p95Ms).toBeGreaterThanOrEqual(side.p50Ms);
          expect(side.p99Ms).toBeGreaterThanOrEqual(side.p95Ms);
        }
    });

    test("a value that changed is found, with its column and both values", async () => {
      await target.connection.query("UPDATE orders SET at = at + INTERVAL 1 HOUR WHERE number = 1");
      const { results, differing } = await ask();
      expect(differing).toContain(`${name}.orders by _id`);
      expect(results.get(`${name}.orders by _id`)?.differences[0]).toMatchObject({
        parameters: { _id: '{"$oid":"000000000000000000000001"}' },
        first: {
          what: "changed",
          column: "at",
          source: "2024-01-01T00:01:01.001Z",
          target: "2024-01-01T01:01:01.001Z",
        },
      });
      await target.connection.query("UPDATE orders SET at = at - INTERVAL 1 HOUR WHERE number = 1");
    });

    test("a row that is missing is found", async () => {
      await target.connection.query("DELETE FROM orders WHERE number = ?", [ORDERS]);
      const { results } = await ask();
      expect(results.get(`${name}.orders by _id`)?.differences).toMatchObject([
        { sourceRows: 1, targetRows: 0, first: { what: "missing" } },
      ]);
    });

    test("a table that is missing is a difference of each of its queries, and no error", async () => {
      await target.connection.query("DROP TABLE orders");
      const { differing, results } = await ask();
      expect(differing).toHaveLength(5);
      expect(results.get(`${name}.orders by _id`)?.differences[0]?.first).toMatchObject({
        what: "refused",
        by: "target",
        reason: expect.stringMatching(/orders' doesn't exist/),
      });
    });
  });
});
