import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { asUser, lacking, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { startMariadb } from "../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../scripts/servers/mysqld.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { logEnd, MysqlSession, mysqlTarget, writesOfOthers, type LogPlace } from "../../src/index.ts";

const SMALL = { bufferPoolMib: 64, redoLogMib: 32 };
const starters = {
  mysql: (dir: string): Promise<Server> => startMysql({ dir, ...SMALL, hasBinaryLog: true }),
  mariadb: (dir: string): Promise<Server> =>
    startMariadb({ dir, ...SMALL, extraArgs: ["--log-bin", "--server-id=7", "--binlog-format=ROW"] }),
};
const TABLES = [
  { database: "x", table: "t" },
  { database: "x", table: "u" },
];

describe.each(SQL_SERVERS)("on %s", (kind) => {
  const { isLacking, why } = lacking(kind);

  describe.skipIf(isLacking)(`the log between two places${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let server: Server;
    let session: MysqlSession;
    beforeAll(async () => {
      place = await folder();
      server = await starters[kind](place.path);
      session = await MysqlSession.open(mysqlTarget(server.url));
      await session.run("CREATE DATABASE x");
      for (const table of ["t", "u", "other", "firebreak_ledger"])
        await session.run(`CREATE TABLE x.${table} (a INT PRIMARY KEY, b INT)`);
    });
    afterAll(async () => {
      await session?.close();
      await server?.stop();
      await place[Symbol.asyncDispose]();
    });

    async function end(): Promise<LogPlace> {
      const found = await logEnd(session);
      if ("why" in found) throw new Error(`no grounds: ${JSON.stringify(found)}`);
      return found;
    }

    async function after(...statements: readonly string[]) {
      const from = await end();
      for (const sql of statements) await session.run(sql);
      return await writesOfOthers(session, from, await end(), TABLES);
    }

    test("has no writes of others if there are none, or only a load's and those to other tables", async () => {
      expect(await after()).toEqual({ kind: "none", transactions: 0 });
      expect(
        await after(
          "INSERT INTO x.other VALUES (1, 1)",
          "START TRANSACTION",
          "REPLACE INTO x.t VALUES (1, 1), (2, 2)",
          "SAVEPOINT `a;b`",
          "REPLACE INTO x.firebreak_ledger VALUES (1, 1)",
          "COMMIT",
          "START TRANSACTION",
          "UPDATE x.t SET b = 5",
          "ROLLBACK",
        ),
      ).toEqual({ kind: "none", transactions: 2 });
    });

    test.each([
      ["a row", ["UPDATE x.t SET b = 7 WHERE a = 1"]],
      ["a row and back", ["UPDATE x.t SET b = 8 WHERE a = 1", "UPDATE x.t SET b = 7 WHERE a = 1"]],
      ["an empty table", ["INSERT INTO x.u VALUES (9, 9)"]],
      [
        "a row in a transaction behind a load's",
        [
          "START TRANSACTION",
          "REPLACE INTO x.firebreak_ledger VALUES (1, 2)",
          "COMMIT",
          "DELETE FROM x.t WHERE a = 2",
        ],
      ],
    ])("names the table if another session changes %s", async (_, statements) => {
      await session.run("REPLACE INTO x.t VALUES (1, 1), (2, 2)");
      await session.run("DELETE FROM x.u");
      const found = await after(...statements);
      expect(found).toMatchObject({
        kind: "written",
        table: statements.at(-1)!.includes("x.u") ? "x.u" : "x.t",
      });
    });

    test.each([
      ["TRUNCATE x.t"],
      ["ALTER TABLE x.u ADD COLUMN c INT"],
      ["CREATE TABLE x.later (a INT)"],
      ["DROP TABLE x.later"],
    ])("does not tell what a statement does: %s", async (sql) => {
      const found = await after(sql);
      // MariaDB quotes the names that a DROP TABLE has.
      const said = found.kind === "unclear" ? found.at.info.replaceAll("`", "") : "";
      expect(said, found.kind).toContain(sql);
    });

    test.each([20, 300])(
      "has its last transaction before its end behind %i rows of 10 KB, too",
      async (count) => {
        await session.run("CREATE TABLE IF NOT EXISTS x.large (a INT PRIMARY KEY, b BLOB)");
        await session.run("DELETE FROM x.large");
        // One transaction that is longer than what is looked at first, or several that are not.
        const rows = Array.from({ length: count }, (_, i) => `(${i}, REPEAT('x', 10000))`);
        await session.run(`INSERT INTO x.large VALUES ${rows.join()}`);
        const { before, offset } = await end();
        expect(before.end).toBe(offset);
        await session.run(`REPLACE INTO x.other VALUES (5, ${count})`);
        expect((await end()).before.at).toBeGreaterThanOrEqual(offset);
      },
    );

    test("goes on in the next files", async () => {
      const from = await end();
      await session.run("FLUSH BINARY LOGS");
      await session.run("REPLACE INTO x.other VALUES (3, 3)");
      await session.run("FLUSH BINARY LOGS");
      const to = await end();
      expect(to.file).not.toBe(from.file);
      expect(await writesOfOthers(session, from, to, TABLES)).toMatchObject({
        kind: "none",
        transactions: 1,
      });
      await session.run("REPLACE INTO x.t VALUES (1, 77)");
      expect(await writesOfOthers(session, from, await end(), TABLES)).toMatchObject({ kind: "written" });
    });

    test("is unclear if it has statements instead of rows", async () => {
      await session.run("SET SESSION binlog_format = 'STATEMENT'");
      // InnoDB's other levels refuse statements.
      await session.run("SET SESSION TRANSACTION ISOLATION LEVEL REPEATABLE READ");
      const found = await after("REPLACE INTO x.other VALUES (4, 4)");
      await session.run("SET SESSION TRANSACTION ISOLATION LEVEL READ COMMITTED");
      await session.run("SET SESSION binlog_format = 'ROW'");
      expect(found).toMatchObject({ kind: "unclear" });
    });

    // MariaDB 10.11 does not compress the events of these rows.
    test.skipIf(kind === "mariadb")("is unclear if a transaction is compressed", async () => {
      await session.run("SET SESSION binlog_transaction_compression = 1");
      const rows = Array.from({ length: 500 }, (_, i) => `(${i}, ${i})`).join();
      const found = await after(`REPLACE INTO x.other VALUES ${rows}`);
      await session.run("SET SESSION binlog_transaction_compression = 0");
      expect(found).toMatchObject({ kind: "unclear", at: { type: "Transaction_payload" } });
    });

    test("is gone when it was reset, also if it has grown beyond the place again", async () => {
      const from = await end();
      await session.run(kind === "mysql" ? "RESET BINARY LOGS AND GTIDS" : "RESET MASTER");
      expect(await logEnd(session)).toEqual({ why: "no-transaction" });
      for (let i = 0; i < 60; i++) await session.run(`REPLACE INTO x.other VALUES (${i}, ${i + 7})`);
      const to = await end();
      expect(await writesOfOthers(session, from, to, TABLES)).toMatchObject({ kind: "log-gone" });
    });

    test("can be read with the privileges that the documents name", async () => {
      const needed =
        kind === "mysql"
          ? "REPLICATION CLIENT, REPLICATION SLAVE, PROCESS"
          : "BINLOG MONITOR, REPLICATION SLAVE, SLAVE MONITOR, PROCESS";
      await session.run("CREATE USER auditor@'%' IDENTIFIED BY 'not secret'");
      await session.run(`GRANT SELECT, ${needed} ON *.* TO auditor@'%'`);
      const auditor = await MysqlSession.open(mysqlTarget(asUser(server.url, "auditor", "not secret")));
      const from = await logEnd(auditor);
      expect(from).not.toHaveProperty("why");
      await session.run("REPLACE INTO x.t VALUES (3, 33)");
      const to = await end();
      expect(await writesOfOthers(auditor, from as LogPlace, to, TABLES)).toMatchObject({ kind: "written" });
      await auditor.close();
    });

    test("names a table by any case, as servers may store names in lower case", async () => {
      const from = await end();
      await session.run("REPLACE INTO x.t VALUES (4, 44)");
      const found = await writesOfOthers(session, from, await end(), [{ database: "X", table: "T" }]);
      expect(found).toMatchObject({ kind: "written", table: "x.t" });
    });

    test("cannot be read without privileges", async () => {
      await session.run("CREATE USER reader@'%' IDENTIFIED BY 'not secret'");
      await session.run("GRANT SELECT ON *.* TO reader@'%'");
      const reader = await MysqlSession.open(mysqlTarget(asUser(server.url, "reader", "not secret")));
      expect(await logEnd(reader)).toMatchObject({ why: "log-unreadable" });
      await reader.close();
    });

    test("waits for transactions that are on their way into the tables, but not forever", async () => {
      const other = await MysqlSession.open(mysqlTarget(server.url));
      for (const sql of [
        "XA START 'a'",
        "INSERT INTO x.other VALUES (1000, 1)",
        "XA END 'a'",
        "XA PREPARE 'a'",
      ])
        await other.run(sql);
      expect(await logEnd(session)).toEqual({ why: "transactions-hang" });
      await other.run("XA ROLLBACK 'a'");
      await other.close();
    });
  });
});
