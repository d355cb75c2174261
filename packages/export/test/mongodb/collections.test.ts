import { join } from "node:path";
import { EJSON } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { documentsOf } from "@firebreak/testing/archives/read-lines";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { verified } from "@firebreak/testing/recipes/verified";

for (const server of ["mongodb", "standalone"] as const) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(
    `the collections of an export from a ${server === "mongodb" ? "replica set" : "standalone"}${why}`,
    () => {
      const database = ownName("collections");
      let source: Awaited<ReturnType<typeof mongodbDatabase>>;
      let place: Awaited<ReturnType<typeof folder>>;

      beforeAll(async () => {
        source = await mongodbDatabase(database, server);
        place = await folder();
        const { db } = source;
        await db.collection("people").insertMany([{ name: "Ada" }, { name: "Grace" }]);
        await db.collection("people.archived").insertOne({ name: "Old" });
        await db.collection("tmp_people").insertOne({ name: "Nobody" });
        await db.createCollection("empty");
        await db.createCollection("log", { capped: true, size: 1_000_000 });
        // Ids descend, so the order of keys is not that of insertion.
        await db.collection<{ _id: number }>("log").insertMany([9, 7, 8, 1].map((_id) => ({ _id })));
        await db.createCollection("names", { viewOn: "people", pipeline: [{ $project: { name: 1 } }] });
        await db.createCollection("readings", { timeseries: { timeField: "at", metaField: "sensor" } });
        await db.collection("readings").insertMany([
          { at: new Date(1000), sensor: "a", value: 1 },
          { at: new Date(2000), sensor: "b", value: 2 },
          { at: new Date(3000), sensor: "b", value: 3 },
        ]);
        await db.collection("firebreak_ledger").insertOne({ left: "by an unfinished restore" });
      });
      afterAll(async () => {
        await source[Symbol.asyncDispose]();
        await place[Symbol.asyncDispose]();
      });

      async function exported(name: string, ...args: string[]): Promise<string> {
        const archive = join(place.path, name);
        await mustEndWell(["export", "--archive", archive, ...args], { mongodbUrl: source.url });
        return archive;
      }

      async function namesIn(archive: string): Promise<string[]> {
        return (await namespacesOf(archive)).map((n) => n.namespace.slice(database.length + 1));
      }

      test("are all but system ones and our own ledger; a view and an empty collection come without documents", async () => {
        const archive = await exported("all");
        const found = await namespacesOf(archive);
        expect(
          Object.fromEntries(
            found.map((n) => [n.namespace.slice(database.length + 1), [n.kind, n.documentCount]]),
          ),
        ).toEqual({
          empty: ["collection", 0],
          log: ["capped", 4],
          names: ["view", 0],
          people: ["collection", 2],
          "people.archived": ["collection", 1],
          readings: ["timeseries", 2],
          tmp_people: ["collection", 1],
        });
        expect(found.find((n) => n.kind === "view")?.parts).toEqual([]);
      });

      test("include and exclude are globs on the namespace, and may be repeated", async () => {
        const some = await exported(
          "some",
          "--include",
          `${database}.people*`,
          "--include",
          "*.log",
          "--exclude",
          "*.archived",
        );
        expect(await namesIn(some)).toEqual(["log", "people"]);
        expect(await namesIn(await exported("most", "--exclude", `${database}.tmp_*`))).not.toContain(
          "tmp_people",
        );
        expect(await namesIn(await exported("one", "--include", `${database}.l?g`))).toEqual(["log"]);
      });

      test("a capped one keeps the order of insertion", async () => {
        const archive = await exported("capped", "--include", "*.log");
        const documents = await documentsOf(archive, `${database}.log`);
        expect(documents.map((document) => Number(document["_id"]))).toEqual([9, 7, 8, 1]);
      });

      test("a time-series one is read by its buckets, byte for byte", async () => {
        const archive = await exported("series", "--include", "*.readings");
        const documents = await documentsOf(archive, `${database}.readings`);
        expect(documents.map((document) => EJSON.stringify(document, { relaxed: false }))).toEqual(
          (
            await source.db.collection("system.buckets.readings").find({}, { promoteValues: false }).toArray()
          ).map((bucket) => EJSON.stringify(bucket, { relaxed: false })),
        );
        expect(documents.map((bucket) => (bucket as { meta: string }).meta).toSorted()).toEqual(["a", "b"]);
      });

      test("go through transform and verify, whatever their kind", async () => {
        const archive = await exported("whole");
        await well(transformed(archive));
        await well(verified(archive));
      });
    },
  );
}
