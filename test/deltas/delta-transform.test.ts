import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Binary, Double, Int32, Long, ObjectId } from "bson";
import { MongoClient, type Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SeededRandom } from "../../fixtures/src/index.ts";
import { ending, firebreak } from "../command-line.ts";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";

interface Table {
  readonly table: string;
  readonly digest: unknown;
  readonly change?: string;
}

const database = ownName("delta_transform");
const { isLacking, why } = lacking("mongodb");
const LINKS = 2;

describe.skipIf(isLacking)(`what transform makes of deltas${why}`, () => {
  const random = new SeededRandom(5, "deltas");
  let place: string;
  let client: MongoClient;
  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "firebreak-delta-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    await client.db(database).dropDatabase();
  });
  afterAll(async () => {
    await client?.db(database).dropDatabase();
    await client?.close();
    await rm(place, { recursive: true, force: true });
  });

  async function made(verb: string, name: string, args: readonly string[] = []): Promise<void> {
    const mongodbUrl = urlOf("mongodb", database);
    expect(ending(await firebreak(verb, { archive: join(place, name), mongodbUrl, args }))).toBe("exit 0");
  }

  async function tablesOf(name: string): Promise<Table[]> {
    const text = await readFile(join(place, name, "mysql", "manifest.json"), "utf8");
    return (JSON.parse(text) as { tables: Table[] }).tables;
  }

  test("leads from link to link to the tables that a full archive becomes", async () => {
    await client
      .db(database)
      .collection("keys")
      .insertMany([1, "one", new ObjectId("0".repeat(24))].map(withKey));
    await client
      .db(database)
      .collection("things")
      .insertMany(Array.from({ length: 500 }, (_, i) => thing(i)));
    await client
      .db(database)
      .collection("quiet")
      .insertOne({ _id: new Int32(1) as never });
    await made("export", "full", ["--include", `${database}.*`]);
    await made("transform", "full");
    for (let link = 1; link <= LINKS; link++) {
      await write(link);
      const previous = link === 1 ? "full" : `delta-${link - 1}`;
      await made("export", `delta-${link}`, ["--delta-from", join(place, previous)]);
      await made("transform", `delta-${link}`);
      await made("compact", `delta-${link}`, ["--out", join(place, `whole-${link}`)]);
      await made("transform", `whole-${link}`);
      const tables = await tablesOf(`delta-${link}`);
      const whole = await tablesOf(`whole-${link}`);
      expect(tables.filter((t) => t.change !== "dropped").map(named)).toEqual(
        expect.arrayContaining(whole.map(named)),
      );
      expect(tables.find((t) => t.table === "quiet")?.change).toBeUndefined();
    }
  });

  async function write(link: number): Promise<void> {
    const things = client.db(database).collection("things");
    for (let n = 0; n < 60; n++) {
      const id = new Int32(random.integer(0, 600));
      const kind = random.integer(0, 2);
      if (kind === 0) await things.deleteOne({ _id: id } as object);
      else
        await things.replaceOne({ _id: id } as object, replacement(random.integer(0, 10_000)), {
          upsert: true,
        });
    }
    const keys = client.db(database).collection("keys");
    await keys.insertMany([withKey(new Double(link + 0.5)), withKey(`text ${link}`)] as Document[]);
    await keys.deleteOne({ _id: "one" } as object);
  }
});

function named({ table, digest }: Table): Pick<Table, "table" | "digest"> {
  return { table, digest };
}

function withKey(id: unknown): Document {
  return { _id: id, text: "same" };
}

function replacement(n: number): Document {
  const { _id: _, ...rest } = thing(n);
  return rest;
}

/** Of one shape, whatever the number: a full transform makes the same columns of any of them. */
function thing(n: number): Document {
  return {
    _id: new Int32(n),
    name: `Name ${String(n).padStart(6, "0")} é😀`,
    count: Long.fromNumber(n * 2 ** 33),
    ratio: new Double(n / 7),
    at: new Date(1_700_000_000_000 + n),
    body: new Binary(Buffer.from(String(n).padStart(8, "0"))),
    list: [n, { inner: null }],
  };
}
