import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/documents/database-content";
import { fillWithEverything } from "./everything.ts";

const { isLacking, why } = lacking("mongodb", "standalone");
describe.skipIf(isLacking)(`a database of every kind of collection and index${why}`, () => {
  const name = ownName("everything");
  let source: Awaited<ReturnType<typeof mongodbDatabase>>;
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  let before: Awaited<ReturnType<typeof contentOf>>;

  beforeAll(async () => {
    source = await mongodbDatabase(name);
    place = await folder();
    await fillWithEverything(source.db);
    before = await contentOf(source.db);
    archive = join(place.path, "archive");
    await well(exported(archive, source.url, { partMib: 0.01 }));
  });
  afterAll(async () => {
    await source[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  for (const server of ["mongodb", "standalone"] as const)
    test(`is the same on a ${server === "mongodb" ? "replica set" : "standalone"}, under another name`, async () => {
      await using target = await mongodbDatabase(ownName("restored"), server);
      const ended = await well(restored(archive, target.url));
      expect(await contentOf(target.db)).toEqual(before);
      const { accounts } = ended;
      expect(accounts).toHaveLength(Object.keys(before).length);
      for (const account of accounts) {
        const collection = account.namespace.slice(name.length + 1);
        const { documentCount, type } = before[collection]!;
        expect(account).toMatchObject({
          target: `${target.db.databaseName}.${collection}`,
          documents: documentCount,
          lines: documentCount,
          equal: true,
          ...(type === "view" ? {} : { loaded: documentCount, digested: documentCount }),
        });
      }
    });

  test("goes where it came from when the URL names no database", async () => {
    await using target = await mongodbDatabase(name, "standalone");
    const url = target.url.slice(0, target.url.lastIndexOf("/"));
    await well(restored(archive, url, { include: [`${name}.*`] }));
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("needs no source, and only what include and exclude let through is restored", async () => {
    await using target = await mongodbDatabase(ownName("some"), "standalone");
    const globs = { include: ["*.in*", "*.log"], exclude: ["*.index??"] };
    await well(restored(archive, target.url, globs));
    const { log } = before;
    expect(await contentOf(target.db)).toEqual({ log });
  });

  test("can be restored by a run that only looks, which writes nothing", async () => {
    await using target = await mongodbDatabase(ownName("dry"), "standalone");
    const work = join(place.path, "dry-work");
    const ended = await restored(archive, target.url, { isDryRun: true, work });
    expect(ended.ending, ended.text).toBe("well");
    const { accounts } = ended;
    expect(accounts).toHaveLength(Object.keys(before).length);
    expect(await target.db.listCollections().toArray()).toEqual([]);
    await expect(readdir(work)).rejects.toThrow("ENOENT");
  });

  test("restored a second time is refused, and told that it was restored already", async () => {
    await using target = await mongodbDatabase(ownName("twice"), "standalone");
    await well(restored(archive, target.url));
    const again = await restored(archive, target.url);
    expect(again.ending, again.text).toBe("restore-refused");
    expect(again.text).toContain("restored here already");
    expect(await contentOf(target.db)).toEqual(before);
  });

  test("is a time-series collection that MongoDB reads and adds to as before", async () => {
    await using target = await mongodbDatabase(ownName("series"), "standalone");
    await well(restored(archive, target.url, { include: ["*readings"] }));
    const all = { sort: { at: 1, value: 1 } } as const;
    const readings = target.db.collection("readings");
    expect(await readings.find({}, all).toArray()).toEqual(
      await source.db.collection("readings").find({}, all).toArray(),
    );
    await readings.insertOne({
      at: new Date(Date.UTC(2026, 0, 1, 0, 0, 1)),
      sensor: { name: "s1", floor: 1 },
    });
    expect(await readings.countDocuments()).toBe(5001);
  });
});
