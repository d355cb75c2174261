import { join } from "node:path";
import { expect, test } from "vitest";
import { documentOf, element, int32 } from "@firebreak/testing/documents/bson-bytes";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { exported } from "@firebreak/testing/recipes/exported";
import { verified } from "@firebreak/testing/recipes/verified";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { writeDump } from "@firebreak/testing/dumps/small-dump";

test("documents of a dump whose _id is malformed within are exported, told apart and set aside by transform", async () => {
  await using place = await folder();
  const [dump, archive] = [join(place.path, "dump"), join(place.path, "archive")];
  const malformed = documentOf([element(0x02, "a", int32(99), Buffer.alloc(5))]);
  const odd = documentOf([element(0x03, "_id", malformed)]);
  const documents = [odd, odd, documentOf([element(0x10, "_id", int32(1))])];
  await writeDump(dump, [
    {
      namespace: "any.c",
      database: "any",
      collection: "c",
      kind: "collection",
      optionsText: "{}",
      indexTexts: [],
      documents: documents.map((d) => d.toString("hex")),
    },
  ]);
  const { text } = await well(exported(archive, dump));
  expect(text).toContain("1 document of any.c whose _id an earlier one has");
  expect((await namespacesOf(archive)).map((n) => n.lineCount)).toEqual([3]);
  await well(verified(archive));
  const made = await transformed(archive);
  expect(made.ending, made.text).toBe("short");
});
