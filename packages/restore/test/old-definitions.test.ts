import { cp } from "node:fs/promises";
import { restored } from "@firebreak/testing/recipes/restored";
import { join } from "node:path";
import type { Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { verified } from "@firebreak/testing/recipes/verified";
import type { ReadCollection } from "@firebreak/testing/dumps/read-dump";
import { SMALL, writeDump } from "@firebreak/testing/dumps/small-dump";

const { isLacking, why } = lacking("mongodb");
const ID = '{"v":{"$numberInt":"1"},"key":{"_id":{"$numberInt":"1"}},"name":"_id_","ns":"small.c"}';
const THINGS = SMALL.find((c) => c.namespace === "other.things")!;

describe.skipIf(isLacking)(`definitions of old servers${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let target: Awaited<ReturnType<typeof mongodbDatabase>>;
  let db: Db;
  let count = 0;
  beforeAll(async () => {
    place = await folder();
    target = await mongodbDatabase(ownName("old_definitions"));
    ({ db } = target);
  });
  afterAll(async () => {
    await target[Symbol.asyncDispose]();
    await place[Symbol.asyncDispose]();
  });

  /** Exports a dump of one collection, and restores it from an archive that stays as it is. */
  async function textOfRestore(rest: Partial<ReadCollection>, isWithoutIndexes = false): Promise<string> {
    await db.dropDatabase();
    const own = join(place.path, String(count++));
    const collection = { ...THINGS, indexTexts: [ID], ...rest };
    await writeDump(join(own, "dump"), [collection]);
    const archive = join(own, "archive");
    await well(exported(archive, join(own, "dump")));
    await cp(archive, join(own, "copy"), { recursive: true });
    const { text } = await well(restored(archive, target.url, { isWithoutIndexes }));
    await well(verified(archive));
    expect(await db.collection("things").countDocuments()).toBe(THINGS.documents.length);
    expect(await db.listCollections().toArray()).toHaveLength(1);
    return text;
  }
  const indexes = async (): Promise<Record<string, unknown>[]> =>
    (await db.collection("things").indexes()).filter((i) => i.name !== "_id_");
  const index = (fields: string): string =>
    `{"v":{"$numberInt":"1"},"key":{"a":{"$numberInt":"1"}},"name":"a_1","ns":"small.c",${fields}}`;

  test.each([
    ["w", index('"w":{"$numberInt":"1"}')],
    ["safe", index('"safe":null,"background":true')],
    ["flags", index('"flags":{"$numberInt":"0"}')],
  ])("lose an option of an index that no server takes: %s", async (option, text) => {
    const told = await textOfRestore({ indexTexts: [ID, text] });
    expect(told).toMatch(new RegExp(`index a_1 \\(it is there without ${option},`));
    expect(await indexes()).toMatchObject([{ v: 1, key: { a: 1 }, name: "a_1" }]);
  });

  test.each([
    ["a version that is gone", ID.replace(/"v":\{"\$numberInt":"1"\}/, '"v":{"$numberInt":"0"}')],
    [
      "another spelling",
      ID.replace('"_id":{"$numberInt":"1"}', '"_id":true').replace("}", '},"unique":true'),
    ],
  ])("have an index on _id as servers make it, whatever theirs: %s", async (_, text) => {
    expect(await textOfRestore({ indexTexts: [text] })).not.toContain("Not carried over");
  });

  test("need not list the index on _id", async () => {
    await textOfRestore({ indexTexts: [] });
  });

  test.each([
    ["true", "1", "1"],
    ["true", "2", "2"],
    ['""', "0", "2"],
  ])("have a key of %s in an index of version %s as one that is ascending", async (value, version, made) => {
    const text = `{"v":{"$numberInt":"${version}"},"key":{"a":${value}},"name":"a"}`;
    await textOfRestore({ indexTexts: [ID, text] });
    expect(await indexes()).toMatchObject([{ v: Number(made), key: { a: 1 }, name: "a" }]);
  });

  test.each([
    ["sparse as a number", '"sparse":{"$numberInt":"1"}', { sparse: true }],
    ["unique as a double", '"unique":{"$numberDouble":"1.0"},"sparse":true', { unique: true }],
    ["dropDups", '"unique":true,"sparse":true,"dropDups":true', { unique: true }],
  ])("that mean the same as what the server lists are no difference: %s", async (_, fields, listed) => {
    expect(await textOfRestore({ indexTexts: [ID, index(fields)] })).not.toContain("Not carried over");
    expect(await indexes()).toMatchObject([listed]);
  });

  test.each([
    ["autoIndexId", '{"capped":true,"size":{"$numberInt":"1048576"},"autoIndexId":true}', "capped" as const],
    [
      "the order of fields",
      '{"size":{"$numberDouble":"1048576.0"},"capped":true,"flags":{"$numberInt":"1"}}',
      "capped" as const,
    ],
  ])("with options that servers list otherwise are restored: %s", async (_, optionsText, kind) => {
    await textOfRestore({ optionsText, kind });
    expect((await db.listCollections().toArray())[0]).toMatchObject({
      name: "things",
      options: { capped: true, size: 1_048_576 },
    });
  });

  test("cannot make the command that creates a collection do anything else", async () => {
    const told = await textOfRestore({ optionsText: '{"create":"old_name","idIndex":{},"writeConcern":{}}' });
    expect(told).toMatch(/options create, idIndex, writeConcern \(the server does not take\s+it\)/);
  });

  test("of kinds that are gone are named, and all else is restored", async () => {
    const haystack =
      '{"v":{"$numberInt":"1"},"key":{"at":"geoHaystack","a":{"$numberInt":"1"}},"name":"hay","bucketSize":{"$numberInt":"1"}}';
    const told = await textOfRestore({ indexTexts: [ID, haystack, index('"sparse":true')] });
    expect(told).toMatch(/index hay \(the server does not take it\)/);
    expect(await indexes()).toMatchObject([{ name: "a_1" }]);
  });

  test("are left out by --no-indexes, but for the index on _id, and each is named", async () => {
    const told = await textOfRestore({ indexTexts: [ID, index('"w":{"$numberInt":"1"}')] }, true);
    expect(told).toMatch(/index a_1 \(left out by --no-indexes\)/);
    expect(await indexes()).toEqual([]);
  });
});
