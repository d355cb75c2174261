import { describe, expect, test } from "vitest";
import { lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";
import { MysqlSession, mysqlTarget, sourcePosition } from "../../src/index.ts";
import { lastTransactionOf } from "../../src/source/source-position.ts";

const monitor = (...transactions: readonly string[]) =>
  [
    "TRANSACTIONS",
    "------------",
    "Trx id counter 1557",
    "LIST OF TRANSACTIONS FOR EACH SESSION:",
    ...transactions,
    "--------",
    "",
  ].join("\n");

test.each([
  ["no transaction", [], "1557"],
  ["MySQL's sessions without one", ["---TRANSACTION 375300785917936, not started"], "1557"],
  ["MariaDB's sessions without one", ["---TRANSACTION (0x7fcb54134b80), not started"], "1557"],
  ["the last reader's number", [`---TRANSACTION ${2n ** 47n}, ACTIVE 1 sec`], "1557"],
  ["a writer's number below it", [`---TRANSACTION ${2n ** 47n - 1n}, ACTIVE 1 sec`], undefined],
  ["a writer", ["---TRANSACTION 1556, ACTIVE (PREPARED) 1 sec"], undefined],
  ["a statement that looks like a counter", ["SELECT '", "Trx id counter 5", "'"], undefined],
  ["too many transactions to show", ["... truncated..."], undefined],
] as const)("InnoDB's monitor with %s", (_, transactions, expected) => {
  expect(lastTransactionOf(monitor(...transactions))).toBe(expected);
});

describe.each(SQL_SERVERS)("on %s, the position", (server) => {
  const { isLacking, why } = lacking(server);

  test.skipIf(isLacking)(`is told while another session runs a statement with an emoji${why}`, async () => {
    await using database = await sqlDatabase(server, ownName("position"));
    const session = await MysqlSession.open(mysqlTarget(database.url));
    const other = await MysqlSession.open(mysqlTarget(database.url));
    try {
      await other.run("CREATE TABLE t (a INT PRIMARY KEY)");
      await other.run("START TRANSACTION");
      await other.run("INSERT INTO t VALUES (1)");
      const statement = other.rows("SELECT SLEEP(60) AS n /* 😀 */").catch(() => undefined);
      let running: string | undefined;
      while (running === undefined) {
        const shown = await session.rows<{ Id: string; Info: string | null }>("SHOW FULL PROCESSLIST");
        running = shown.find((row) => row.Info?.startsWith("SELECT SLEEP(60) AS n /*"))?.Id;
      }
      const { proof, hasLog } = await sourcePosition(session);
      if (!hasLog) expect(proof).toBeUndefined();
      await session.run(`KILL QUERY ${running}`);
      await statement;
    } finally {
      await other.close();
      await session.close();
    }
  });
});
