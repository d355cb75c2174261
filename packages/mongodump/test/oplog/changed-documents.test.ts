import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { BSON, Int32, type Document } from "bson";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { ChangedDocuments } from "../../src/index.ts";

/** The bytes that are read of an entry at first. */
const FIRST_READ = 4096;

const bsonOf = (document: Document): Buffer => Buffer.from(BSON.serialize(document));

/** An entry of exactly this size that inserts a document. */
function entryOf(id: number, size: number): Buffer {
  const made = (text: string): Buffer => bsonOf({ op: "i", ns: "d.c", o: { _id: new Int32(id), text } });
  return made("x".repeat(size - made("").length));
}

async function opened(path: string, entries: readonly Buffer[]): Promise<ChangedDocuments> {
  const file = join(path, "changes");
  await writeFile(file, Buffer.concat(entries));
  return ChangedDocuments.open({ namespace: "d.c", file, path: "dump/oplog.bson" });
}

test("entries as long as what is read at first, one byte shorter and longer, and far longer are whole", async () => {
  await using place = await folder();
  const sizes = [FIRST_READ - 1, FIRST_READ, FIRST_READ + 1, 20 * FIRST_READ, 100];
  const entries = sizes.map((size, id) => entryOf(id, size));
  expect(entries.map((e) => e.length)).toEqual(sizes);
  const changes = await opened(place.path, entries);
  try {
    const met = bsonOf({ _id: new Int32(3), old: true });
    expect(changes.applyTo(met)).toEqual(bsonOf(BSON.deserialize(entries[3]!)["o"] as Document));
    const others = [...changes.others()].map((d) => BSON.deserialize(d));
    expect(others).toEqual([0, 1, 2, 4].map((i) => BSON.deserialize(entries[i]!)["o"] as Document));
  } finally {
    changes.close();
  }
});

test("a file of changes that is cut short meanwhile is an error that names it, not a document", async () => {
  await using place = await folder();
  const changes = await opened(place.path, [entryOf(1, 100), entryOf(2, 3 * FIRST_READ)]);
  try {
    await truncate(join(place.path, "changes"), 100 + FIRST_READ);
    expect(() => changes.applyTo(bsonOf({ _id: new Int32(2) }))).toThrow(
      expect.objectContaining({ code: "dump-damaged", fields: expect.objectContaining({ offset: 100 }) }),
    );
  } finally {
    changes.close();
  }
});

test("closed twice it is closed", async () => {
  await using place = await folder();
  const changes = await opened(place.path, [entryOf(1, 100)]);
  changes.close();
  expect(() => changes.close()).not.toThrow();
});
