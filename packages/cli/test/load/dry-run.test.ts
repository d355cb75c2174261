import { join } from "node:path";
import { Int32 } from "bson";
import { expect, test } from "vitest";
import { documentsArchive } from "@firebreak/testing/archives/documents-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";

const { isLacking, why } = lacking("mongodb");
test.skipIf(isLacking)(`a load with --dry-run says that nothing was written${why}`, async () => {
  await using place = await folder();
  const archive = join(place.path, "archive");
  await documentsArchive(archive, "dry", { rows: { documents: [{ _id: new Int32(1) }] } });
  await using target = await mongodbDatabase(ownName("dry"));
  expect(
    await firebreak(["load", "--archive", archive, "--dry-run"], { mongodbUrl: target.url }),
  ).toMatchObject({ exitCode: 0, stdout: expect.stringContaining("nothing was written") as string });
  expect(await target.db.listCollections().toArray()).toEqual([]);
});
