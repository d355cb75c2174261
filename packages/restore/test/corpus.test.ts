import { existsSync } from "node:fs";
import { readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { BSON, Int32 } from "bson";
import { describe, expect, test } from "vitest";
import { insertBytes } from "@firebreak/testing/documents/insert-bytes";
import { well } from "@firebreak/testing/recipes/outcome";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restored } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/documents/database-content";

const corpus = join(import.meta.dirname, "..", "..", "..", "..", "shared", "data", "bson-corpus");
const servers = lacking("mongodb");
const isLacking = servers.isLacking || !existsSync(corpus);
const why = servers.isLacking ? servers.why : isLacking ? ` (skipped: ${corpus} is not there)` : "";

/** Each valid case as the value of a field beside an `_id`, for servers order and complete top-level documents. */
function withId(bytes: Buffer, n: number): Buffer {
  const id = Buffer.from(BSON.serialize({ _id: new Int32(n) })).subarray(4, -1);
  const value = Buffer.concat([Buffer.from("\x03case\0", "latin1"), bytes]);
  const length = Buffer.alloc(4);
  length.writeInt32LE(4 + id.length + value.length + 1);
  return Buffer.concat([length, id, value, Buffer.alloc(1)]);
}

describe.skipIf(isLacking)(`the BSON corpus from server to server${why}`, () => {
  test("comes back byte for byte, all that a server takes", async () => {
    await using place = await folder();
    await using source = await mongodbDatabase(ownName("corpus"));
    const name = source.db.databaseName;
    let taken = 0;
    const refused: string[] = [];
    for (const file of (await readdir(corpus)).filter((f) => f.endsWith(".json"))) {
      const { valid = [] } = JSON.parse(await readFile(join(corpus, file), "utf8")) as {
        valid?: { description: string; canonical_bson: string }[];
      };
      for (const [n, { description, canonical_bson: hex }] of valid.entries())
        await insertBytes(urlOf("mongodb"), name, basename(file, ".json"), [
          withId(Buffer.from(hex, "hex"), n),
        ]).then(
          () => taken++,
          () => refused.push(`${file}: ${description}`),
        );
    }
    expect({ refused, taken }).toEqual({ refused: [], taken: 728 });
    const before = await contentOf(source.db);
    const archive = join(place.path, "archive");
    await well(exported(archive, source.url));
    await source.db.dropDatabase();
    await well(restored(archive, source.url));
    expect(await contentOf(source.db)).toEqual(before);
  });
});
