import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { BSON, EJSON, type Document } from "bson";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { fixturePath, lacksFixture, whyNoFixture } from "@firebreak/testing/dumps/fixture";
import { readDump } from "@firebreak/testing/dumps/read-dump";

const { isLacking, why } = lacking("mongodb");

/** With every type as it is; the fixture has no names here that JavaScript would move. */
const documentOf = (text: string): Document =>
  BSON.deserialize(BSON.serialize(EJSON.parse(text, { relaxed: false }) as Document), {
    promoteValues: false,
    bsonRegExp: true,
  });

/** By collection, what `collection.json` says after the namespace. */
async function metadataIn(archive: string): Promise<Record<string, string>> {
  const found: Record<string, string> = {};
  for (const { namespace, metadata } of await namespacesOf(archive)) {
    const text = await readFile(join(archive, metadata.file), "utf8");
    found[namespace.slice(namespace.indexOf(".") + 1)] = text.slice(text.indexOf(',"kind"'));
  }
  return found;
}

describe.skipIf(isLacking || lacksFixture)(`beside an export from a server${why}${whyNoFixture}`, () => {
  test("one from a dump has options and indexes in the same text", async () => {
    await using place = await folder();
    const database = ownName("beside");
    await using source = await mongodbDatabase(database);
    const collections = await readDump(fixturePath("folder"));
    const views = collections.filter((c) => c.kind === "view");
    const others = collections.filter((c) => c.kind !== "view");
    for (const { collection, optionsText, indexTexts } of [...others, ...views]) {
      await source.db.command({ create: collection, ...documentOf(optionsText) });
      const indexes = indexTexts.map(documentOf).filter((i) => !isOfId(i));
      if (indexes.length > 0) await source.db.command({ createIndexes: collection, indexes });
    }
    const [server, dump] = [join(place.path, "server"), join(place.path, "dump")];
    await well(exported(server, source.url));
    await well(exported(dump, fixturePath("folder")));
    const expected = await metadataIn(server);
    expect(Object.keys(expected)).toEqual(collections.map((c) => c.collection));
    expect(await metadataIn(dump)).toEqual(expected);
  });
});

/** Made with the collection. */
function isOfId({ key }: Document): boolean {
  return Object.keys(key as object).join() === "_id";
}
