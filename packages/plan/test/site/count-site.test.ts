import { join } from "node:path";
import { MongoClient, ObjectId } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMongod } from "../../../../scripts/servers/mongod.ts";
import { connectMongodb, listNamespaces, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import { folder } from "@firebreak/testing/archives/folder";
import { asUser, lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import type { ApplicationSite, CountedGroup, SiteCounter } from "@firebreak/profile";
import { countSite } from "../../src/site/count-site.ts";
import { objectIdHours } from "../../src/site/object-id-hours.ts";
import { SiteBudget } from "../../src/site/site-budget.ts";

const NOW_MS = Date.UTC(2026, 10, 20, 4);
const HOUR_MS = 3_600_000;

/** A counter of documents by their owner, each owner with a table. */
class OwnerCounter implements SiteCounter {
  readonly #owners = new Map<unknown, { documents: number; bytes: number; recentDocuments: number }>();
  add(_: unknown, { key, documents, bytes }: CountedGroup): void {
    const before = this.#owners.get(key) ?? { documents: 0, bytes: 0 };
    const sums = { documents: before.documents + documents, bytes: before.bytes + bytes };
    this.#owners.set(key, { ...sums, recentDocuments: 0 });
  }
  addRecent(_: unknown, { key, documents }: CountedGroup): void {
    const before = this.#owners.get(key)!;
    this.#owners.set(key, { ...before, recentDocuments: before.recentDocuments + documents });
  }
  span(nowMs: number) {
    return { fromMs: nowMs - 10 * 24 * HOUR_MS, untilMs: nowMs };
  }
  finish() {
    const tables = [...this.#owners].map(([key, counts]) => ({ table: String(key), ...counts }));
    return { tables, unplaced: { documents: 0, bytes: 0 }, zone: "UTC", times: [], hourOf: () => 0 };
  }
}

const application: ApplicationSite = {
  countingOf: ({ collection }) =>
    collection === "owned"
      ? {
          groupBy: "$owner",
          between: (fromMs, untilMs) => ({ at: { $gte: new Date(fromMs), $lt: new Date(untilMs) } }),
        }
      : undefined,
  begin: () => new OwnerCounter(),
  problems: async () => [],
};

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a site${why}`, () => {
  let mongodb: Awaited<ReturnType<typeof mongodbDatabase>>;
  let source: MongodbSource;
  let namespaces: readonly Namespace[];
  beforeAll(async () => {
    mongodb = await mongodbDatabase(ownName("count_site"));
    const { db } = mongodb;
    const recent = new Date(NOW_MS - HOUR_MS);
    const old = new Date(NOW_MS - 900 * 24 * HOUR_MS);
    await db.collection("owned").insertMany([
      { owner: "a", at: old },
      { owner: "a", at: recent },
      { owner: "b", at: recent },
      { owner: "b", at: new Date(NOW_MS) },
    ]);
    // Three days of documents at each hour from 6 on, one of the future, and one of another type.
    const ids = Array.from({ length: 3 * 24 }, (_, hour) => hour)
      .filter((hour) => hour % 24 >= 6)
      .map((hour) => ObjectId.createFromTime((NOW_MS - 80 * HOUR_MS + hour * HOUR_MS) / 1000));
    const future = ObjectId.createFromTime((NOW_MS + HOUR_MS) / 1000);
    await db
      .collection<{ _id: unknown }>("dated")
      .insertMany([...ids, future, "text"].map((_id) => ({ _id })));
    source = await connectMongodb(mongodb.url);
    namespaces = await listNamespaces(source, { include: [], exclude: [] });
  });
  afterAll(async () => {
    await source.client.close();
    await mongodb[Symbol.asyncDispose]();
  });

  test("is counted by the application's groups, with the growth of its days", async () => {
    const counted = await countSite(source, application, namespaces, NOW_MS, new SiteBudget());
    const { tables, growth, uncounted } = counted!.site;
    const found = tables.map(({ table, documents, documentsPerDay }) => [table, documents, documentsPerDay]);
    expect(found).toHaveLength(2);
    for (const owner of ["a", "b"]) expect(found).toContainEqual([owner, 2, 0.1]);
    expect(growth).toEqual({ until: new Date(NOW_MS).toISOString(), days: 10 });
    expect(uncounted).toEqual([]);
    expect([...counted!.perDay]).toEqual([[`${mongodb.db.databaseName}.owned`, 0.2]]);
  });

  test("is not counted without time, and says which collections are missing", async () => {
    const counted = await countSite(source, application, namespaces, NOW_MS, new SiteBudget(0));
    expect([...counted!.perDay]).toEqual([]);
    expect(counted!.site).toMatchObject({ tables: [], uncounted: [`${mongodb.db.databaseName}.owned`] });
  });

  test("of which the server cannot compute the groups is missing, with the server's reason", async () => {
    const broken: ApplicationSite = {
      ...application,
      countingOf: (place) => {
        const counting = application.countingOf(place);
        return counting && { ...counting, groupBy: { $toInt: "$owner" } };
      },
    };
    const counted = await countSite(source, broken, namespaces, NOW_MS, new SiteBudget());
    expect(counted!.site.uncounted).toEqual([`${mongodb.db.databaseName}.owned`]);
    expect(counted!.reason).toBeDefined();
  });

  test("in which nothing was written lately has no growth, whatever its ObjectIds say", async () => {
    const later = NOW_MS + 400 * 24 * HOUR_MS;
    const counted = await countSite(source, application, namespaces, later, new SiteBudget());
    expect([...counted!.perDay.values()]).toEqual([0]);
  });

  test("without documents of the application is none", async () => {
    const others = namespaces.filter(({ collection }) => collection !== "owned");
    expect(await countSite(source, application, others, NOW_MS, new SiteBudget())).toBeUndefined();
  });

  test("shows its hours by ObjectIds, without those of the future", async () => {
    const dated = namespaces.filter(({ collection }) => collection === "dated");
    const hours = await objectIdHours(source, dated, NOW_MS, new SiteBudget());
    const newestMs = NOW_MS - 9 * HOUR_MS;
    expect(hours!.until).toBe(new Date(newestMs + HOUR_MS / 4).toISOString());
    const { documents, quietest } = hours!;
    expect(documents.reduce((sum, count) => sum + count, 0)).toBe(3 * 18);
    expect(documents.toSorted((a, b) => a - b)).toEqual([
      ...Array.from({ length: 6 }, () => 0),
      ...Array.from({ length: 18 }, () => 3),
    ]);
    expect(quietest.map((hour) => documents[hour])).toEqual([0, 0, 0]);
  });

  test("needs no more than read, and no disk of the server's", async () => {
    await using place = await folder();
    const server = await startMongod({ dir: join(place.path, "mongod"), extraArgs: ["--auth"] });
    try {
      const first = await MongoClient.connect(server.url);
      await first.db("admin").command({ createUser: "root", pwd: "secret1", roles: ["root"] });
      await first.close();
      const root = await MongoClient.connect(asUser(server.url, "root", "secret1"));
      const roles = [{ role: "read", db: "site" }];
      await root.db("admin").command({ createUser: "reader", pwd: "secret2", roles });
      await root
        .db("site")
        .collection("owned")
        .insertOne({ owner: "a", at: new Date(NOW_MS - HOUR_MS) });
      await root.close();
      const url = `${asUser(server.url, "reader", "secret2").replace(/\/$/, "")}/site?authSource=admin`;
      const reader = await connectMongodb(url);
      const read = await listNamespaces(reader, { include: [], exclude: [] });
      const counted = await countSite(reader, application, read, NOW_MS, new SiteBudget());
      await reader.client.close();
      expect(counted!.site.tables).toMatchObject([{ table: "a", documents: 1, documentsPerDay: 0.1 }]);
    } finally {
      await server.kill();
    }
  });

  test("shows no hours if all is of one day", async () => {
    const owned = namespaces.filter(({ collection }) => collection === "owned");
    expect(await objectIdHours(source, owned, Date.now(), new SiteBudget())).toBeUndefined();
  });
});
