import { join } from "node:path";
import { Binary, Decimal128, Int32, Long, ObjectId } from "bson";
import type { Db, Document } from "mongodb";
import { expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

const PEOPLE = 400;

/** A document with a key of any type. */
interface Keyed extends Document {
  readonly _id: string | Int32 | ObjectId;
}

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  test.skipIf(isLacking)(
    `a MongoDB and two deltas of it are in ${server} as a fresh archive of it would be${why}`,
    async () => {
      await using place = await folder();
      await using source = await mongodbDatabase(ownName(`journey${server}`));
      await using database = await sqlDatabase(server, ownName("journey"));
      const at = (name: string): string => join(place.path, name);
      const mysqlUrl = database.url;
      const exported = async (name: string, previous?: string): Promise<void> => {
        const from = previous === undefined ? [] : ["--delta-from", at(previous)];
        await mustEndWell(["export", "--archive", at(name), ...from], { mongodbUrl: source.url });
      };
      const proved = async (name: string): Promise<void> => {
        const loaded = await firebreak(["load", "--archive", at(name)], { mysqlUrl });
        expect(loaded.exitCode, loaded.output).toBe(0);
        const checked = await firebreak(["checksum", "--archive", at(name)], { mysqlUrl });
        expect(checked.exitCode, checked.output).toBe(0);
      };
      await fill(source.db);
      await exported("full");
      await proved("full");
      await changeOnce(source.db);
      await exported("delta-1", "full");
      await proved("delta-1");
      await changeAgain(source.db);
      await exported("delta-2", "delta-1");
      await proved("delta-2");
      expect(await database.tables()).toEqual(["firebreak_ledger", "fresh", "notes", "people"]);
      await exported("fresh");
      await mustEndWell(["transform", "--archive", at("fresh")]);
      await mustEndWell(["checksum", "--archive", at("fresh")], { mysqlUrl });
    },
  );
}

async function fill(db: Db): Promise<void> {
  await db.collection<Keyed>("people").insertMany(Array.from({ length: PEOPLE }, (_, n) => person(n)));
  await db.collection("people").createIndex({ name: 1 });
  await db
    .collection<Keyed>("notes")
    .insertMany(["a", "A", "á", "😀", ""].map((_id) => ({ _id, text: `note ${_id}` })));
  await db.collection("doomed").insertOne({ text: "soon gone" });
}

async function changeOnce(db: Db): Promise<void> {
  const people = db.collection<Keyed>("people");
  await people.updateMany({ number: { $lt: 40 } }, { $set: { name: "changed 😀" } });
  await people.deleteMany({ number: { $gte: 360 } });
  await people.insertMany(Array.from({ length: 20 }, (_, n) => person(1000 + n)));
  await db.collection<Keyed>("notes").deleteOne({ _id: "A" });
  await db.collection("doomed").drop();
  await db.collection<Keyed>("fresh").insertMany([1, 2, 3].map((n) => ({ _id: new Int32(n), n })));
}

async function changeAgain(db: Db): Promise<void> {
  const people = db.collection<Keyed>("people");
  await people.updateMany({ number: { $gte: 20, $lt: 60 } }, { $set: { name: "changed again" } });
  await people.deleteMany({ number: { $gte: 1010 } });
  const notes = db.collection<Keyed>("notes");
  await notes.insertOne({ _id: "A", text: "back again" });
  await notes.deleteOne({ _id: "" });
  await db.collection("fresh").drop();
  await db.collection<Keyed>("fresh").insertOne({ _id: "x", n: 9 });
}

function person(n: number): Keyed {
  return {
    _id: new ObjectId(n.toString(16).padStart(24, "0")),
    number: new Int32(n),
    name: `Person ${n} "\\ \t${"x".repeat(30)}`,
    big: Long.fromString("9007199254740993").add(n),
    price: Decimal128.fromString(`${n % 100}.50`),
    picture: new Binary(Buffer.from([0, 255, n % 256])),
    at: new Date(1_700_000_000_000 + n),
    ratio: n / 7,
  };
}
