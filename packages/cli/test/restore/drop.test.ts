import { expect, test } from "vitest";
import { contentOf } from "@firebreak/testing/documents/database-content";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";

const { isLacking, why } = lacking("mongodb", "standalone");
test.skipIf(isLacking)(
  `a restore that is refused for want of a terminal to ask on: --drop needs --yes then${why}`,
  async () => {
    await using place = await folder();
    const archive = await makeArchive(place.path, {
      database: ownName("dropped"),
      collections: { a: [{ _id: 1 }] },
      isTransformed: false,
    });
    await using target = await mongodbDatabase(ownName("refused"), "standalone");
    await target.db.collection("a").insertOne({ mine: true });
    const before = await contentOf(target.db);
    const { exitCode, stderr } = await firebreak(["restore", "--archive", archive, "--drop"], {
      mongodbUrl: target.url,
    });
    expect(exitCode).toBe(2);
    expect(stderr).toContain("--yes");
    expect(await contentOf(target.db)).toEqual(before);
  },
);
