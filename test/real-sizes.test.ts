import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { MongoClient, type Collection, type Db } from "mongodb";
import { afterAll, describe, expect, test } from "vitest";
import { SeededRandom } from "../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, mongodbDatabase, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";

const { isLacking, why } = lacking("mongodb", "standalone");

/** `pnpm soak` asks for more. */
const SMALL_COUNT = Number(process.env["FIREBREAK_REAL_DOCUMENTS"] ?? 300_000);
const LARGE_COUNT = 60;
const LARGE_BYTES = 600_000;
const BATCH = 10_000;

interface Small {
  _id: number;
  version: number;
  text: string;
}

interface Large {
  _id: number;
  version: number;
  body: string;
}

/** Edits documents of both sizes until it is stopped. */
class Editor {
  readonly #random = new SeededRandom(15);
  readonly #small: Collection<Small>;
  readonly #large: Collection<Large>;
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();
  editCount = 0;

  constructor(db: Db) {
    this.#small = db.collection<Small>("small");
    this.#large = db.collection<Large>("large");
  }

  async fill(): Promise<void> {
    for (let from = 0; from < SMALL_COUNT; from += BATCH)
      await this.#small.insertMany(
        Array.from({ length: Math.min(BATCH, SMALL_COUNT - from) }, (_, i) => this.#smallOf(from + i)),
      );
    for (let i = 0; i < LARGE_COUNT; i++) await this.#large.insertOne(this.#largeOf(i));
  }

  start(): void {
    this.#isStopped = false;
    this.#running = this.#edit();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  /** One document in twenty, and all large ones; some are gone, some new. */
  async changeMuch(): Promise<void> {
    const edits = Array.from({ length: SMALL_COUNT / 20 }, () => {
      const replacement = this.#smallOf(this.#random.integer(0, SMALL_COUNT + 5000));
      return { replaceOne: { filter: { _id: replacement._id }, replacement, upsert: true } };
    });
    await this.#small.bulkWrite(edits, { ordered: false });
    await this.#small.deleteMany({ _id: { $mod: [97, 5] } });
    for (let i = 0; i < LARGE_COUNT; i++)
      await this.#large.replaceOne({ _id: i }, this.#largeOf(i), { upsert: true });
  }

  async #edit(): Promise<void> {
    for (; !this.#isStopped; this.editCount++) {
      const { _id, ...small } = this.#smallOf(this.#random.integer(0, SMALL_COUNT + 1000));
      await this.#small.replaceOne({ _id }, small, { upsert: true });
      if (this.editCount % 5 === 0)
        await this.#small.deleteOne({ _id: this.#random.integer(0, SMALL_COUNT) });
      const large = this.#largeOf(this.editCount % LARGE_COUNT);
      await this.#large.replaceOne({ _id: large._id }, large);
    }
  }

  #smallOf(_id: number): Small {
    const text = "text of a message, 哈哈 ".repeat(this.#random.integer(0, 20));
    return { _id, version: this.#random.integer(0, 1e9), text };
  }

  #largeOf(_id: number): Large {
    const body = "x".repeat(LARGE_BYTES + this.#random.integer(0, 1000));
    return { _id, version: this.#random.integer(0, 1e9), body };
  }
}

/** Count and hash of all documents as the driver gives them, in the order of their `_id`. */
async function contentOf(db: Db): Promise<Record<string, [number, string]>> {
  const content: Record<string, [number, string]> = {};
  for (const name of ["small", "large"]) {
    const hash = createHash("sha256");
    let count = 0;
    const cursor = db.collection(name).find({}, { raw: true, sort: { _id: 1 } });
    for await (const document of cursor as AsyncIterable<unknown>) {
      hash.update(document as Buffer);
      count++;
    }
    content[name] = [count, hash.digest("hex")];
  }
  return content;
}

describe.skipIf(isLacking)(`documents in real numbers and sizes, at default settings${why}`, () => {
  const database = ownName("real_sizes");
  afterAll(async () => {
    await using client = await MongoClient.connect(urlOf("standalone"));
    await client.db(database).dropDatabase();
  });

  test(
    "edited while they are exported, then taken up by a delta, compacted and restored, are those of the source",
    { timeout: 3_600_000 },
    async () => {
      await using source = await mongodbDatabase(database);
      await using place = await folder();
      const [full, delta, compacted] = ["full", "delta", "compacted"].map((name) =>
        join(place.path, name),
      ) as [string, string, string];
      const settings = { mongodbUrl: source.url };
      const editor = new Editor(source.db);
      await editor.fill();
      editor.start();
      try {
        await mustEndWell(["export", "--archive", full], settings);
      } finally {
        await editor.stop();
      }
      expect(editor.editCount).toBeGreaterThan(LARGE_COUNT);
      const manifest = await readFile(join(full, "manifest.json"), "utf8");
      expect(JSON.parse(manifest)).toMatchObject({ consistency: "snapshot" });
      const small = (await namespacesOf(full)).find((n) => n.namespace === `${database}.small`)!;
      expect(small.parts.length).toBeGreaterThan(1);
      await mustEndWell(["verify", "--archive", full]);

      await editor.changeMuch();
      await mustEndWell(["export", "--archive", delta, "--delta-from", full], settings);
      await mustEndWell(["verify", "--archive", delta]);
      await mustEndWell(["compact", "--archive", delta, "--out", compacted]);
      await mustEndWell(["verify", "--archive", compacted]);
      await mustEndWell(["restore", "--archive", compacted], { mongodbUrl: urlOf("standalone", database) });

      await using target = await MongoClient.connect(urlOf("standalone"));
      const expected = await contentOf(source.db);
      expect(expected["large"]![0]).toBe(LARGE_COUNT);
      expect(await contentOf(target.db(database))).toEqual(expected);
    },
  );
});
