import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Binary, Long } from "bson";
import { MongoClient, type Document } from "mongodb";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { chatSite, chatSiteSizes, fillHybridSite } from "../../fixtures/src/index.ts";
import { ending, firebreak } from "../command-line.ts";
import { dropDatabase, emptyDatabase } from "@firebreak/testing/servers/empty-database";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { writeSite } from "./journey.ts";

const options = { seed: 8, messageCount: chatSiteSizes.S / 16, jvmZone: "Asia/Shanghai" } as const;
const database = ownName("hybrid_delta");
const { isLacking, why } = lacking("mongodb", "mysql");
const EDITED = new Binary(Buffer.from([0x08, 0x01, 0x12, 0x03, 0x6e, 0x65, 0x77]));

/** What is done to a message between the full archive and the delta. */
type Deed = "edited" | "recalled" | "left";

describe.skipIf(isLacking)(`a hybrid that is written to after its full archive${why}`, () => {
  let place: string;
  let client: MongoClient;
  let mysql: Connection;
  const archive = (name: string): string => join(place, name);
  const mysqlUrl = (): string => urlOf("mysql", database);

  beforeAll(async () => {
    place = await mkdtemp(join(tmpdir(), "firebreak-hybrid-delta-"));
    client = await MongoClient.connect(urlOf("mongodb"));
    await client.db(database).dropDatabase();
    mysql = await createConnection({ uri: await emptyDatabase("mysql", database), charset: "utf8mb4" });
    await fillHybridSite(mysql, client.db(database), options);
  });
  afterAll(async () => {
    await client?.db(database).dropDatabase();
    await client?.close();
    await mysql?.end();
    await rm(place, { recursive: true, force: true });
    if (!isLacking) await dropDatabase("mysql", database);
  });

  async function transformFull(): Promise<string> {
    const files = ["--site", await writeSite(place), "--target-facts", join(place, "facts.json")];
    const set = ["--profile-option", "sessionTimezone=UTC", "--profile-option", "retention=all"];
    return ending(
      await firebreak("transform", {
        archive: archive("full"),
        args: ["--profile", "wildfirechat", ...files, ...set],
      }),
    );
  }

  test("has its edits, recalls and deletes in the right rows when the delta is in", async () => {
    const mongodbUrl = urlOf("mongodb", database);
    const include = ["--include", `${database}.*`];
    expect(ending(await firebreak("export", { archive: archive("full"), mongodbUrl, args: include }))).toBe(
      "exit 0",
    );
    const facts = ["--target-facts", join(place, "facts.json")];
    expect(
      ending(await firebreak("inspect", { archive: archive("full"), mysqlUrl: mysqlUrl(), args: facts })),
    ).toBe("exit 0");
    expect(await transformFull()).toBe("exit 3");
    expect(ending(await firebreak("load", { archive: archive("full"), mysqlUrl: mysqlUrl() }))).toBe(
      "exit 3",
    );

    const changed = await changeSome();
    const from = ["--delta-from", archive("full")];
    expect(ending(await firebreak("export", { archive: archive("delta"), mongodbUrl, args: from }))).toBe(
      "exit 0",
    );
    // It is transformed as the full archive was, without a word.
    expect(ending(await firebreak("load", { archive: archive("delta"), mysqlUrl: mysqlUrl() }))).toBe(
      "exit 3",
    );
    expect(ending(await firebreak("checksum", { archive: archive("delta"), mysqlUrl: mysqlUrl() }))).toBe(
      "exit 3",
    );
    for (const { table, id, deed } of changed) {
      const [[row]] = await mysql.query<RowDataPacket[]>(`SELECT _data FROM ${table} WHERE _mid = ?`, [id]);
      if (deed === "edited") expect(row?.["_data"]).toEqual(EDITED.value());
      else expect(row).toBeUndefined();
    }
  });

  test("has them still after its full archive is loaded once more, which is told to go on with deltas", async () => {
    const rows = async (): Promise<unknown> => {
      const [tables] = await mysql.query<RowDataPacket[]>(
        "SELECT table_name AS name FROM information_schema.tables WHERE table_schema = DATABASE() ORDER BY 1",
      );
      const names = tables.map(({ name }) => `\`${String(name)}\``).join(", ");
      return (await mysql.query(`CHECKSUM TABLE ${names}`))[0];
    };
    const before = await rows();
    const again = await firebreak("load", { archive: archive("full"), mysqlUrl: mysqlUrl() });
    // As at its first load, some documents of it are in quarantine.
    expect(again.exitCode).toBe(3);
    expect(again.stderr).toContain(
      "Delta 1 of this archive's chain is in: what is there is newer than this archive, and nothing was changed. Go on with the chain's newest delta.",
    );
    expect(again.stderr).not.toMatch(/\bdrop|delete/i);
    expect(await rows()).toEqual(before);
  });

  /** Every twentieth message that goes over is edited or gone, with what its users have of it. */
  async function changeSome(): Promise<{ table: string; id: string; deed: Deed }[]> {
    const done: { table: string; id: string; deed: Deed }[] = [];
    let number = 0;
    const mongodb = client.db(database);
    for (const { collection, document, fate, oddity } of chatSite(options).hybridMessages()) {
      if (fate.kind !== "carried" || oddity !== undefined || ++number % 20 !== 0) continue;
      const filter: Document = { _id: document["_id"] as Long };
      const deed: Deed = number % 40 === 0 ? "edited" : "recalled";
      if (deed === "edited")
        await mongodb.collection(collection).updateOne(filter, { $set: { _data: EDITED } });
      else await mongodb.collection(collection).deleteOne(filter);
      done.push({ table: collection, id: String(document["_id"]), deed });
    }
    expect(done.length).toBeGreaterThan(10);
    const entries = await mongodb.collection("t_user_messages_7").find().limit(20).toArray();
    for (const { _id: id } of entries) await mongodb.collection("t_user_messages_7").deleteOne({ _id: id });
    return done;
  }
});
