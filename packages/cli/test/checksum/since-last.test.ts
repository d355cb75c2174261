import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createConnection, type Connection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { lacking, mongodbDatabase, ownName, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { startMariadb } from "../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../scripts/servers/mysqld.ts";
import type { Server } from "../../../../scripts/servers/server.ts";

const SMALL = { bufferPoolMib: 64, redoLogMib: 32 };
const starters = {
  mysql: (dir: string): Promise<Server> => startMysql({ dir, ...SMALL, hasBinaryLog: true }),
  mariadb: (dir: string): Promise<Server> =>
    startMariadb({ dir, ...SMALL, extraArgs: ["--log-bin", "--server-id=7", "--binlog-format=ROW"] }),
};

describe.each(SQL_SERVERS)("into %s with a binary log", (kind) => {
  const { isLacking, why } = lacking(kind, "mongodb");

  describe.skipIf(isLacking)(`a delta is proved by what changed${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let server: Server;
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let target: Connection;
    let urls: { mongodbUrl: string; mysqlUrl: string };
    const at = (name: string): string => join(place.path, name);
    const work = (): string => at("work");
    const archived = (name: string, ...more: readonly string[]) => [
      "--archive",
      at(name),
      "--work",
      work(),
      ...more,
    ];

    const checksum = (name: string, ...more: readonly string[]) =>
      firebreak(["checksum", ...archived(name, ...more)], urls);
    const since = (name: string, ...more: readonly string[]) => checksum(name, "--since-last", ...more);

    /** Changes the source, and makes and loads the next delta of the chain. */
    async function nextDelta(name: string, previous: string): Promise<void> {
      const items = source.db.collection<{ _id: number; text: string }>("items");
      const number = Number(name.slice(1));
      await items.updateMany({ _id: { $lt: 40 * number } }, { $set: { text: `edited ${name} 😀` } });
      await items.deleteOne({ _id: 500 + number });
      await items.insertOne({ _id: 10_000 + number, text: "new" });
      await mustEndWell(["export", "--archive", at(name), "--delta-from", at(previous)], urls);
      await mustEndWell(["load", ...archived(name)], urls);
    }

    beforeAll(async () => {
      place = await folder();
      server = await starters[kind](join(place.path, "server"));
      source = await mongodbDatabase(ownName("since"));
      target = await createConnection(server.url);
      await target.query("CREATE DATABASE shop CHARACTER SET utf8mb4");
      urls = { mongodbUrl: source.url, mysqlUrl: `${server.url}/shop` };
      const items = Array.from({ length: 2000 }, (_, i) => ({ _id: i, text: `text ${i}` }));
      await source.db.collection<{ _id: number; text: string }>("items").insertMany(items);
      await source.db.collection<{ _id: number; n: number }>("others").insertMany([{ _id: 1, n: 1 }]);
      await mustEndWell(["export", "--archive", at("full")], urls);
      await mustEndWell(["load", ...archived("full")], urls);
    }, 120_000);
    afterAll(async () => {
      await target?.end();
      await source?.[Symbol.asyncDispose]();
      await server?.stop();
      await place[Symbol.asyncDispose]();
    });

    test("not before a complete checksum was equal, and then without reading the tables", async () => {
      const first = await checksum("full", "--only-since-last");
      expect(first.exitCode, first.output).toBe(6);
      expect(first.output).toContain("have a record of a checksum");
      const all = await since("full");
      expect(all.exitCode, all.output).toBe(0);
      expect(all.output).toContain("Everything is compared now");
      const again = await checksum("full", "--only-since-last");
      expect(again.exitCode, again.output).toBe(0);
      expect(again.output).toMatch(/Proved for 2 tables: of 0 keys .* \(0 transactions since then\)/);
    });

    test("one delta, and several at once, while others write to other tables", async () => {
      await nextDelta("d1", "full");
      await target.query("CREATE TABLE IF NOT EXISTS shop.not_ours (a INT)").catch(() => undefined);
      const unclear = await since("d1");
      expect(unclear.exitCode, unclear.output).toBe(0);
      expect(unclear.output).toContain("CREATE TABLE IF NOT EXISTS shop.not_ours");
      // Each archive has its own work folder here, and checksum finds the record of the link before.
      await mustEndWell(["checksum", "--archive", at("d1")], urls);
      await nextDelta("d2", "d1");
      const beside = await firebreak(["checksum", "--archive", at("d2"), "--only-since-last"], urls);
      expect(beside.exitCode, beside.output).toBe(0);
      expect(beside.output).toMatch(/Proved for 2 tables: of 82 keys/);
      for (const name of ["d1", "d2"]) await rm(`${at(name)}.work`, { recursive: true });
      await target.query("INSERT INTO shop.not_ours VALUES (1)");
      await nextDelta("d3", "d2");
      const proved = await checksum("d3", "--only-since-last");
      expect(proved.exitCode, proved.output).toBe(0);
      // 120 edited, 2 deleted, 2 new.
      expect(proved.output).toMatch(/Proved for 2 tables: of 124 keys/);
    });

    test.each([
      ["a touched row", "UPDATE shop.items SET text = 'x' WHERE _id = 3", 4],
      ["an untouched row", "UPDATE shop.items SET text = 'x' WHERE _id = 1500", 4],
      ["a table that no delta touched", "INSERT INTO shop.others (_id, n) VALUES (7, 7)", 4],
    ])("is not if another session changes %s", async (_, statement, exitCode) => {
      await mustEndWell(["checksum", ...archived("d3")], urls);
      const table = statement.includes("items") ? "items" : "others";
      const [rows] = await target.query(`SELECT * FROM shop.${table}`);
      await target.query(statement);
      const failed = await checksum("d3", "--only-since-last");
      expect(failed.exitCode, failed.output).toBe(6);
      expect(failed.output).toContain(`somebody else wrote to shop.${table}`);
      const found = await since("d3");
      expect(found.exitCode, found.output).toBe(exitCode);
      expect(found.output).toContain(`Table ${table} differs`);
      await target.query(`DELETE FROM shop.${table}`);
      for (const row of rows as Record<string, unknown>[])
        await target.query(`INSERT INTO shop.${table} SET ?`, [row]);
      const back = await since("d3");
      expect(back.exitCode, back.output).toBe(0);
      expect(back.output).toContain(`somebody else wrote to shop.${table}`);
    });

    test("is not if a row was changed past the log, where a delta touched it or the count tells", async () => {
      await mustEndWell(["checksum", ...archived("d3")], urls);
      await nextDelta("d4", "d3");
      const early = await checksum("d3", "--only-since-last");
      expect(early.exitCode, early.output).toBe(6);
      expect(early.output).toContain("was changed by more than the deltas up to this one");
      await target.query("SET SESSION sql_log_bin = 0");
      await target.query("UPDATE shop.items SET text = 'x' WHERE _id = 5");
      const differs = await checksum("d4", "--only-since-last");
      expect(differs.output).toContain("table items does not have the rows that the deltas");
      await target.query("UPDATE shop.items SET text = 'edited d4 😀' WHERE _id = 5");
      await target.query("DELETE FROM shop.others");
      const counts = await checksum("d4", "--only-since-last");
      expect(counts.output).toContain("table others does not have as many rows as it must");
      await target.query("INSERT INTO shop.others (_id, n) VALUES (1, 1)");
      await target.query("SET SESSION sql_log_bin = 1");
      const proved = await checksum("d4", "--only-since-last");
      expect(proved.exitCode, proved.output).toBe(0);
    });

    test("is not where a repair was loaded", async () => {
      await mustEndWell(["checksum", ...archived("d4")], urls);
      await target.query("UPDATE shop.others SET n = 8");
      await firebreak(["checksum", ...archived("d4", "--repair", at("repair"))], urls);
      await mustEndWell(["checksum", ...archived("d4")], urls).catch(() => undefined);
      await mustEndWell(["load", "--archive", at("repair"), "--work", work()], urls);
      const repaired = await checksum("d4", "--only-since-last");
      expect(repaired.exitCode, repaired.output).toBe(6);
      await mustEndWell(["checksum", ...archived("d4")], urls);
      const proved = await checksum("d4", "--only-since-last");
      expect(proved.exitCode, proved.output).toBe(0);
    });

    test("is not if a table was truncated, or the log was reset, or the record is damaged", async () => {
      await mustEndWell(["checksum", ...archived("d4")], urls);
      const [rows] = await target.query("SELECT * FROM shop.others");
      await target.query("TRUNCATE shop.others");
      for (const row of rows as Record<string, unknown>[])
        await target.query("INSERT INTO shop.others SET ?", [row]);
      expect((await checksum("d4", "--only-since-last")).output).toContain("TRUNCATE shop.others");
      await mustEndWell(["checksum", ...archived("d4")], urls);
      await target.query(kind === "mysql" ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER");
      await target.query("INSERT INTO shop.not_ours VALUES (2)");
      expect((await checksum("d4", "--only-since-last")).output).toContain("it was reset or has expired");
      await mustEndWell(["checksum", ...archived("d4")], urls);
      const record = join(work(), "checksum-grounds.json");
      const text = await readFile(record, "utf8");
      for (const damaged of ["", "{", text.replace('"formatVersion":1', '"formatVersion":2')]) {
        await writeFile(record, damaged);
        expect((await checksum("d4", "--only-since-last")).output).toContain("have a record of a checksum");
      }
      await rm(record);
      expect((await since("d4")).exitCode).toBe(0);
    });
  });
});

const any = lacking("mysql", "standalone");
test.skipIf(any.isLacking)(`a server without a binary log, or MongoDB, is told so${any.why}`, async () => {
  const mongodb = await firebreak(["checksum", "--since-last", "--against", "mongodb"], {});
  expect(mongodb.exitCode, mongodb.output).toBe(2);
  expect(mongodb.output).toContain("--since-last is for a MySQL target");
});
