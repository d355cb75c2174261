import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { lacking, ownName, urlOf } from "@firebreak/testing/servers/databases";
import { until } from "@firebreak/testing/servers/until";
import { connectMongodb, type MongodbSource } from "../../src/driver/connect.ts";
import { LEDGER } from "../../src/target/ledger/ledger.ts";
import { TargetLock } from "../../src/target/target-lock.ts";

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`the lock on a target${why}`, () => {
  const databases = [ownName("lock_a"), ownName("lock_b")];
  let target: MongodbSource;
  beforeAll(async () => {
    target = await connectMongodb(urlOf("mongodb"));
  });
  const dropAll = async (): Promise<void> => {
    for (const database of databases) await target.client.db(database).dropDatabase();
  };
  beforeEach(dropAll);
  afterAll(async () => {
    await dropAll();
    await target.client.close();
  });

  const ledger = (database: string) => target.client.db(database).collection<{ _id: string }>(LEDGER);

  test("is one's own until it is released; then nothing is left of it", async () => {
    const lock = await TargetLock.take(target, databases);
    await expect(TargetLock.take(target, [databases[1]!])).rejects.toMatchObject({
      code: "lock-held",
      exitCode: 6,
      fields: { database: databases[1], pid: process.pid },
    });
    lock.assertHeld();
    await lock.release();
    for (const database of databases)
      expect(await target.client.db(database).listCollections().toArray()).toEqual([]);
    await (await TargetLock.take(target, databases)).release();
  });

  test("leaves a ledger in which something is written", async () => {
    const lock = await TargetLock.take(target, databases);
    await ledger(databases[0]!).insertOne({ _id: "restore" });
    await lock.release();
    expect(await ledger(databases[0]!).find().toArray()).toEqual([{ _id: "restore" }]);
  });

  test("of several databases is all or nothing", async () => {
    const other = await TargetLock.take(target, [databases[1]!]);
    await expect(TargetLock.take(target, databases)).rejects.toMatchObject({ code: "lock-held" });
    expect(await ledger(databases[0]!).countDocuments()).toBe(0);
    other.assertHeld();
    await other.release();
  });

  test("that another run took over is noticed, and not released with the other's", async () => {
    const lock = await TargetLock.take(target, [databases[0]!]);
    await ledger(databases[0]!).updateOne({ _id: "lock" }, { $set: { owner: "another" } as never });
    await until("the loss to be noticed", async () => {
      try {
        lock.assertHeld();
        return false;
      } catch (error) {
        expect(error).toMatchObject({ code: "lock-lost", exitCode: 7 });
        return true;
      }
    });
    await lock.release();
    expect(await ledger(databases[0]!).countDocuments()).toBe(1);
  });
});
