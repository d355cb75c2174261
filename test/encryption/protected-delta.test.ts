import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { chainContents, sorted } from "@firebreak/testing/deltas/chain-contents";
import { changesIn, runDelta } from "@firebreak/testing/deltas/run-delta";

const { isLacking, why } = lacking("standalone");

/** Made by age-keygen for these tests alone. */
const recipient = "age1mpa6gpu6e43v8ytflyy79netk0pyegakzc9ne4872ap432eexdksvwj6fy";
const identity = "AGE-SECRET-KEY-1DD0F7EGNYU7N0PQN9Y6V3MRJRD3PP25KEFFY5U6NUAPED9PXFMQQMYCU2L";

test.skipIf(isLacking)(`an encrypted chain is compared with its key, and says no name${why}`, async () => {
  await using source = await mongodbDatabase(ownName("hidden"), "standalone");
  await using place = await folder();
  const at = (name: string): string => join(place.path, name);
  const { db, url } = source;
  const compared = (archive: string, deltaFrom: string) =>
    runDelta({
      source: { kind: "mongodb", url },
      archive: at(archive),
      deltaFrom: at(deltaFrom),
      identities: [identity],
    });
  const documents = (from: number): { n: number; text: string }[] =>
    Array.from({ length: 300 }, (_, i) => ({ n: from + i, text: "confidential".repeat(9) }));
  for (const name of ["a", "b", "c"]) await db.collection(name).insertMany(documents(0));
  const protect = ["--part-mib", "0.02", "--recipient", recipient];
  await mustEndWell(["export", "--archive", at("full"), ...protect], { mongodbUrl: url });
  await db.collection("a").deleteMany({ n: { $lt: 7 } });
  await db.collection("b").drop();
  await db.collection("c").updateMany({ n: { $mod: [50, 3] } }, { $set: { edited: true } });
  await db.collection("d").insertMany(documents(1));
  await compared("one", "full");
  expect(await changesIn(at("one"), [identity])).toEqual({
    a: "changed",
    b: "dropped",
    c: "changed",
    d: "whole",
  });
  await db.collection("c").deleteOne({ n: 3 });
  await compared("two", "one");
  await mustEndWell(["export", "--archive", at("fresh"), ...protect], { mongodbUrl: url });
  const chain = await chainContents(["full", "one", "two"].map(at), [identity]);
  expect(sorted(chain)).toEqual(sorted(await chainContents([at("fresh")], [identity])));
  const files = await readdir(at("one"), { recursive: true });
  expect(files.filter((f) => f.endsWith(".zst") || f.endsWith("collection.json"))).toEqual([]);
  expect(files.filter((f) => /^source\/[^/]+$/.test(f)).every((f) => /^source\/\d{5}$/.test(f))).toBe(true);
  expect(await readFile(join(at("one"), "manifest.json"), "utf8")).not.toContain(db.databaseName);
});
