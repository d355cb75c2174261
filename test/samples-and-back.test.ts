import { existsSync } from "node:fs";
import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { MongoClient, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { fillCollection, mongoexportFile } from "../fixtures/src/index.ts";
import { ending, firebreak } from "./command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";

const folder = join(import.meta.dirname, "..", "..", "shared", "data", "samples");
const collections = ["customers", "restaurants", "theaters"] as const;
const database = ownName("samples_back");
const { isLacking, why } = lacking("mongodb");
const hasSamples = existsSync(folder);

type Value = null | string | boolean | Value[] | { readonly [name: string]: Value };
type Fields = { readonly [name: string]: Value };

/** All lines of a collection, by the text of their `_id`. */
async function documentsOf(root: string, parts: readonly { file: string }[]): Promise<Map<string, Fields>> {
  const documents = new Map<string, Fields>();
  for (const { file } of parts)
    for (const line of zstdDecompressSync(await readFile(join(root, file)))
      .toString()
      .split("\n")
      .slice(0, -1)) {
      const fields = JSON.parse(line) as Fields;
      documents.set(JSON.stringify(fields["_id"]), fields);
    }
  return documents;
}

interface Manifest {
  readonly namespaces: readonly {
    readonly collection: string;
    readonly parts: readonly { file: string }[];
  }[];
  readonly collections: readonly {
    readonly collection: string;
    readonly parts: readonly { file: string }[];
  }[];
}

async function manifestOf(path: string): Promise<Manifest> {
  return JSON.parse(await readFile(join(path, "manifest.json"), "utf8")) as Manifest;
}

/** How a value that has been in a column differs from what it was, in the words of the mapping. */
function changeOf(before: Value | undefined, after: Value | undefined): string | undefined {
  if (JSON.stringify(before) === JSON.stringify(after)) return undefined;
  const [was, is] = [numberOf(before), numberOf(after)];
  if (was === undefined || is === undefined || was.value !== is.value)
    return `${JSON.stringify(before)} became ${JSON.stringify(after)}`;
  return `${was.type} to ${is.type}`;
}

function numberOf(value: Value | undefined): { type: string; value: number } | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return undefined;
  const [entry] = Object.entries(value);
  if (entry === undefined || !entry[0].startsWith("$number")) return undefined;
  return { type: entry[0], value: Number(entry[1]) };
}

describe.skipIf(isLacking || !hasSamples)(
  `the sample collections by way of tables${why}${hasSamples ? "" : ` (skipped: ${folder} is not there)`}`,
  () => {
    let place: string;
    let client: MongoClient;
    const archive = (): string => join(place, "archive");

    beforeAll(async () => {
      place = await mkdtemp(join(tmpdir(), "firebreak-samples-back-"));
      client = await MongoClient.connect(urlOf("mongodb"));
      await client.db(database).dropDatabase();
      for (const name of collections)
        await fillCollection(
          client.db(database).collection(name),
          mongoexportFile(join(folder, `${name}.json`)),
        );
      await client.db(database).collection("customers").createIndex({ username: 1, birthdate: -1 });
      const exported = await firebreak("export", {
        archive: archive(),
        mongodbUrl: urlOf("mongodb", database),
      });
      expect(ending(exported)).toBe("exit 0");
    });
    afterAll(async () => {
      await client?.db(database).dropDatabase();
      await client?.close();
      await rm(place, { recursive: true, force: true });
      for (const server of SQL_SERVERS) if (!lacking(server).isLacking) await dropDatabase(server, database);
    });

    describe.each(SQL_SERVERS)("on %s", (server) => {
      const target = lacking(server);
      const back = (): string => join(place, `back-${server}`);
      const home = `${database}_${server}`;
      afterAll(async () => {
        await client?.db(home).dropDatabase();
      });

      test.skipIf(target.isLacking)(
        `are the same documents again, but for integers in a column of doubles${target.why}`,
        async () => {
          const mysqlUrl = await emptyDatabase(server, database);
          expect(ending(await firebreak("load", { archive: archive(), mysqlUrl }))).toBe("exit 0");
          const args = ["--source", "mysql", "--include", `${database}.*`];
          expect(ending(await firebreak("export", { archive: back(), mysqlUrl, args }))).toBe("exit 0");
          expect(ending(await firebreak("transform", { archive: back() }))).toBe("exit 0");
          const before = await manifestOf(archive());
          const columns = await columnsOf(archive());
          const after = await manifestOf(join(back(), "mongodb"));
          const changes: Record<string, number> = {};
          let expected = 0;
          for (const name of collections) {
            const was = await documentsOf(
              archive(),
              before.namespaces.find((n) => n.collection === name)!.parts,
            );
            const is = await documentsOf(
              join(back(), "mongodb"),
              after.collections.find((c) => c.collection === name)!.parts,
            );
            expect(new Set(is.keys())).toEqual(new Set(was.keys()));
            for (const [id, fields] of was) {
              const found = is.get(id)!;
              expect(isInOrder(Object.keys(found), columns.get(name)!, Object.keys(fields))).toBe(true);
              expect(new Set(Object.keys(found))).toEqual(new Set(Object.keys(fields)));
              for (const [field, value] of Object.entries(fields)) {
                const change = changeOf(value, found[field]);
                if (change === undefined) continue;
                const what = `${name}.${field}: ${change}`;
                changes[what] = (changes[what] ?? 0) + 1;
              }
              if (name === "restaurants" && numberOf(fields["rating"])?.type === "$numberInt") expected++;
            }
          }
          expect(expected).toBeGreaterThan(0);
          expect(changes).toEqual({ "restaurants.rating: $numberInt to $numberDouble": expected });
        },
      );

      test.skipIf(target.isLacking)(
        `arrive in MongoDB as they were made, with their indexes, and the digests are equal${target.why}`,
        async () => {
          const mongodbUrl = urlOf("mongodb", home);
          expect(ending(await firebreak("load", { archive: back(), mongodbUrl }))).toBe("exit 0");
          const args = ["--against", "mongodb"];
          expect(ending(await firebreak("checksum", { archive: back(), mongodbUrl, args }))).toBe("exit 0");
          const [before, after] = [client.db(database), client.db(home)];
          for (const name of collections) {
            const count = await before.collection(name).countDocuments();
            expect(await after.collection(name).countDocuments()).toBe(count);
            expect(await indexKeys(after, name)).toEqual(await indexKeys(before, name));
            expect(await after.listCollections({ name }).toArray()).toMatchObject([{ options: {} }]);
          }
        },
      );
    });
  },
);

/** Whether what stood in columns comes first, in the table's order, and then what was in _extra, as it had been. */
function isInOrder(found: readonly string[], columns: readonly string[], before: readonly string[]): boolean {
  const places = found.map((name) => columns.indexOf(name));
  const end = places.findIndex((place, i) => i > 0 && place <= places[i - 1]!);
  const extras = end < 0 ? [] : found.slice(end);
  return extras.join() === before.filter((name) => extras.includes(name)).join();
}

async function indexKeys(db: Db, collection: string): Promise<unknown[]> {
  const indexes = await db.collection(collection).listIndexes().toArray();
  return indexes.map(({ key }) => Object.entries(key as object));
}

/** The columns of each table, in its order. */
async function columnsOf(path: string): Promise<Map<string, string[]>> {
  const { tables } = JSON.parse(await readFile(join(path, "mysql", "manifest.json"), "utf8")) as {
    tables: { table: string; columns: { name: string }[] }[];
  };
  return new Map(tables.map(({ table, columns }) => [table, columns.map((c) => c.name)]));
}
