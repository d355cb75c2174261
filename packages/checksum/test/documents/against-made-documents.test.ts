import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Double, Int32 } from "bson";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";
import { differencesOf, keyOf } from "../differences-of.ts";

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`checksum of what was made for MongoDB${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = join(place.path, "archive");
    const documents = Array.from({ length: 300 }, (_, n) => ({
      _id: { a: new Int32(n), b: `key ${n}` },
      name: `Name ${n}`,
      ratio: new Double(n / 7),
    }));
    await documentsArchive(archive, "made", { things: { documents, documentsAPart: 100 } });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  const checksum = (mongodbUrl: string, ...args: readonly string[]) =>
    firebreak(["checksum", "--archive", archive, ...args], { mongodbUrl });

  test("names the documents that are missing, extra or changed, with the fields that differ", async () => {
    await using target = await mongodbDatabase(ownName("made"));
    await mustEndWell(["load", "--archive", archive], { mongodbUrl: target.url });
    const things = target.db.collection<{ _id: object; [field: string]: unknown }>("things");
    const id = (n: number) => ({ a: n, b: `key ${n}` });
    await things.deleteOne({ _id: id(3) });
    await things.insertOne({ _id: { a: 3, b: "another" } });
    await things.updateOne({ _id: id(150) }, { $set: { name: "Name 150 ", ratio: new Int32(150) } });
    const ended = await checksum(target.url, "--json");
    expect(ended.exitCode, ended.output).toBe(4);
    expect(eventsOf(ended).at(-1)).toMatchObject({
      ok: false,
      namespaces: [{ namespace: "made.things", lines: 300, quarantined: 0, digested: 300, equal: false }],
    });
    const found = await differencesOf(archive);
    const table = "made.things";
    const key = (n: number, b: string): string[] => [`{"a":{"$numberInt":"${n}"},"b":"${b}"}`];
    expect(found.toSorted((a, b) => (keyOf(a) < keyOf(b) ? -1 : 1))).toEqual([
      {
        table,
        kind: "changed",
        key: key(150, "key 150"),
        columns: [
          { name: "name", type: "json", expected: '"Name 150"', found: '"Name 150 "' },
          {
            name: "ratio",
            type: "json",
            expected: `{"$numberDouble":"${150 / 7}"}`,
            found: '{"$numberInt":"150"}',
          },
        ],
      },
      { table, kind: "extra", key: key(3, "another"), columns: [] },
      { table, kind: "missing", key: key(3, "key 3"), columns: [] },
    ]);
    expect(ended.stderr).toContain("Collection made.things differs: 1 missing, 1 extra, 1 changed.");
  });

  test("says of a collection that is not there that it is not", async () => {
    await using target = await mongodbDatabase(ownName("made_none"));
    const { exitCode, output } = await checksum(target.url);
    expect(exitCode).toBe(4);
    expect(output).toContain(`Collection ${target.db.databaseName}.things is not in the target`);
  });

  test("--sample and --repair are for a MySQL target, and say so", async () => {
    for (const args of [
      ["--sample", "3"],
      ["--repair", join(place.path, "repair")],
    ]) {
      const { exitCode, stderr } = await checksum("mongodb://127.0.0.1:1/x", ...args);
      expect({ exitCode, stderr }).toEqual({
        exitCode: 2,
        stderr: expect.stringContaining(`${args[0]} is for a MySQL target`) as string,
      });
    }
    expect(await readdir(place.path)).not.toContain("repair");
  });

  test("an archive that was transformed for both kinds of target wants to be told which is meant", async () => {
    await using other = await folder();
    const both = await makeArchive(other.path, {
      database: ownName("made_both"),
      collections: { c: [{ _id: 1 }] },
    });
    await documentsArchive(both, "made", { things: { documents: [{ _id: new Int32(1) }] } });
    await using target = await mongodbDatabase(ownName("made_target"));
    for (const verb of ["load", "checksum"]) {
      const { exitCode, stderr } = await firebreak([verb, "--archive", both], { mongodbUrl: target.url });
      expect(exitCode).toBe(2);
      expect(stderr).toContain(join(both, "mysql"));
      expect(stderr).toContain(join(both, "mongodb"));
      expect(stderr).toMatch(
        verb === "load" ? /--to mysql or --to mongodb/ : /--against mysql or --against mongodb/,
      );
    }
    expect(await target.db.listCollections().toArray()).toEqual([]);
  });
});
