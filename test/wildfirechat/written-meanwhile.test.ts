import { join } from "node:path";
import { Binary, Int32, Long, ObjectId } from "bson";
import { MongoClient, type Db, type Document } from "mongodb";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { chatSite, fillHybridSite, fillServer, SeededRandom } from "../../fixtures/src/index.ts";
import { firebreak } from "../command-line.ts";
import { JOURNEY_MESSAGES, writeSite } from "./journey.ts";
import { rowsOf } from "./site-contents.ts";

const options = { seed: 9, messageCount: JOURNEY_MESSAGES, jvmZone: "Asia/Shanghai" } as const;
const source = ownName("written_source");
const [target, fresh] = [ownName("written_target"), ownName("written_fresh")];
const { isLacking, why } = lacking("mongodb", "mysql");
const RECALLED = 80;
const LONG_MS = 900_000;

/** Sends, edits, recalls and deletes messages of a hybrid until it is told to stop. */
class Writer {
  readonly #random = new SeededRandom(1, "writer");
  readonly #db: Db;
  readonly #messages: { collection: string; document: Document }[];
  #isStopped = false;
  #running: Promise<void> | undefined;
  deeds = 0;

  constructor(db: Db) {
    this.#db = db;
    this.#messages = [...chatSite(options).hybridMessages()].filter((m) => m.fate.kind === "carried");
  }

  start(): void {
    this.#isStopped = false;
    this.#running = this.#run();
  }

  /** Returns when the last write is done. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
  }

  async #run(): Promise<void> {
    while (!this.#isStopped) await this.#deed();
  }

  async #deed(): Promise<void> {
    const { collection, document } = this.#messages[this.#random.integer(0, this.#messages.length - 1)]!;
    const messages = this.#db.collection(collection);
    const filter = { _id: document["_id"] as Long } as unknown as Document;
    const data = new Binary(Buffer.from([0x08, 0x01, 0x12, 0x01, this.#random.integer(0, 255)]));
    const id = (document["_id"] as Long).toBigInt() ^ BigInt(this.#random.integer(1, 2 ** 20));
    this.deeds++;
    switch (this.#random.integer(0, 5)) {
      case 0:
        await messages.updateOne(filter, { $set: { _data: data } });
        break;
      case 1:
        await messages.updateOne(filter, { $set: { _content_type: new Int32(RECALLED) } });
        break;
      case 2:
        await messages.deleteOne(filter);
        break;
      case 3:
        await messages.replaceOne(
          { _id: Long.fromBigInt(id) } as unknown as Document,
          { ...document, _id: Long.fromBigInt(id), _data: data },
          { upsert: true },
        );
        break;
      case 4: {
        // A copy in another collection, which a rule collapses or moves.
        const other = `t_messages_${this.#random.integer(0, 35)}`;
        await this.#db.collection(other).replaceOne(filter, document, { upsert: true });
        break;
      }
      default: {
        const shard = this.#random.integer(0, 127);
        await this.#db.collection(`t_user_messages_${shard}`).insertOne({
          _id: new ObjectId(),
          _mid: Long.fromBigInt(this.#random.chance(0.8) ? (document["_id"] as Long).toBigInt() : id),
          _uid: document["_from"] as string,
          _seq: Long.fromNumber(this.#random.integer(1, 50)),
          _createTime: new Date(),
        });
      }
    }
  }
}

describe.skipIf(isLacking)(`a hybrid that is written to while it is moved${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let client: MongoClient;
  const mysql = new Map<string, Connection>();
  const at = (name: string): string => join(place.path, name);
  const mongodbUrl = (): string => urlOf("mongodb", source);

  beforeAll(async () => {
    place = await folder();
    client = await MongoClient.connect(urlOf("mongodb"));
    await client.db(source).dropDatabase();
    for (const database of [target, fresh, source])
      mysql.set(
        database,
        await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" }),
      );
    await fillHybridSite(mysql.get(source)!, client.db(source), options);
    for (const database of [target, fresh]) await fillServer(mysql.get(database)!, options);
  }, LONG_MS);
  afterAll(async () => {
    await client?.db(source).dropDatabase();
    await client?.close();
    for (const connection of mysql.values()) await connection.end();
    await place?.[Symbol.asyncDispose]();
    if (!isLacking) for (const database of [target, fresh, source]) await dropDatabase("mysql", database);
  });

  async function well(verb: string, run: Parameters<typeof firebreak>[1]): Promise<void> {
    const { exitCode, stderr } = await firebreak(verb, run);
    // Some documents of the site are in quarantine.
    expect([0, 3], stderr).toContain(exitCode);
  }

  async function moved(archive: string, database: string): Promise<void> {
    const mysqlUrl = urlOf("mysql", database);
    await well("load", { archive, mysqlUrl, args: ["--yes"] });
    await well("checksum", { archive, mysqlUrl });
  }

  async function full(archive: string): Promise<void> {
    await well("export", { archive, mongodbUrl: mongodbUrl(), args: ["--include", `${source}.*`] });
    const files = ["--site", await writeSite(place.path, source)];
    const set = ["zone=Asia/Shanghai", "sessionTimezone=UTC", "retention=all"].flatMap((o) => [
      "--profile-option",
      o,
    ]);
    await well("transform", { archive, args: ["--profile", "wildfirechat", ...files, ...set] });
  }

  test(
    "after a full archive and three deltas the target has what the source's own new mapping has",
    async () => {
      const writer = new Writer(client.db(source));
      writer.start();
      await full(at("full"));
      await moved(at("full"), target);
      for (const [number, previous] of ["full", "delta-1", "delta-2"].entries()) {
        if (number === 2) await writer.stop();
        const delta = at(`delta-${number + 1}`);
        await well("export", {
          archive: delta,
          mongodbUrl: mongodbUrl(),
          args: ["--delta-from", at(previous)],
        });
        const { exitCode, stderr } = await firebreak("transform", { archive: delta });
        expect([0, 3], stderr).toContain(exitCode);
        expect(stderr).not.toContain("from the whole chain");
        await moved(delta, target);
      }
      expect(writer.deeds).toBeGreaterThan(100);

      await full(at("again"));
      await moved(at("again"), fresh);
      const [tables] = await mysql
        .get(target)!
        .query<RowDataPacket[]>(
          "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() AND table_name REGEXP '^t_(user_)?messages_' ORDER BY 1",
        );
      expect(tables).toHaveLength(164);
      for (const { name } of tables as { name: string }[]) {
        const [ours, theirs] = await Promise.all(
          [target, fresh].map(async (database) =>
            (await rowsOf(mysql.get(database)!, name))
              .map((row) => JSON.stringify({ ...row, id: "" }))
              .toSorted(),
          ),
        );
        expect([name, ours]).toEqual([name, theirs]);
      }
    },
    LONG_MS,
  );
});
