import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { Int32 } from "bson";
import { describe, expect, test } from "vitest";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";

test.each(["0", "1.5", "-1", "many"])("--sample %s is refused", async (count) => {
  const { exitCode } = await firebreak(["checksum", "--sample", count], {
    mysqlUrl: "mysql://root@127.0.0.1:1/x",
  });
  expect(exitCode).toBe(2);
});

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`checksum of what was made for MongoDB${why}`, () => {
  test("--sample and --repair are for a MySQL target, and say so", async () => {
    await using place = await folder();
    const archive = join(place.path, "archive");
    await documentsArchive(archive, "made", { things: { documents: [{ _id: new Int32(1) }] } });
    for (const args of [
      ["--sample", "3"],
      ["--repair", join(place.path, "repair")],
    ]) {
      const { exitCode, stderr } = await firebreak(["checksum", "--archive", archive, ...args], {
        mongodbUrl: "mongodb://127.0.0.1:1/x",
      });
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
