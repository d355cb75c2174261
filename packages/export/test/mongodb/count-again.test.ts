import { connectMongodb, type MongodbSource } from "@firebreak/mongodb";
import { describe, expect, test } from "vitest";
import { fillCollection } from "../../../../fixtures/src/index.ts";
import { lacking, mongodbDatabase, ownName } from "@firebreak/testing/servers/databases";
import { countAgain } from "../../src/mongodb/count-again.ts";
import type { Note } from "../../src/export-notes.ts";

const { isLacking, why } = lacking("mongodb");

describe.skipIf(isLacking)(`what ranges gave together${why}`, () => {
  test("is held against the whole, and a difference is told by name and number", async () => {
    await using place = await mongodbDatabase(ownName("again"));
    await fillCollection(place.db.collection("c"), [{ _id: 1 }, { _id: 2 }, { _id: 3 }]);
    const database = place.db.databaseName;
    const read = (documentCount: number) => ({
      namespace: `${database}.c`,
      database,
      collection: "c",
      kind: "collection" as const,
      documentCount,
    });
    const notes = async (of: MongodbSource, documentCount: number): Promise<Note[]> => {
      const found: Note[] = [];
      for await (const note of countAgain(of, [read(documentCount)], 0)) found.push(note);
      return found;
    };
    const source = await connectMongodb(place.url);
    try {
      expect(await notes(source, 3)).toEqual([]);
      expect(await notes(source, 2)).toEqual([
        {
          kind: "note",
          code: "source-moved",
          fields: { namespace: `${database}.c`, read: 2, counted: 3 },
        },
      ]);
    } finally {
      await source.client.close();
    }
  });
});
