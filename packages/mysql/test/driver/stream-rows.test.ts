import { describe, expect, test } from "vitest";
import { lacking, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { MysqlSession, mysqlTarget, openSnapshot, RowReader, streamRows } from "../../src/index.ts";

/** Slow enough to be met in the middle: 10,000 rows of a millisecond each. */
const SLOW_ROWS = "SELECT a.v, SLEEP(0.001) FROM (%) AS a, (%) AS b, (%) AS c, (%) AS d".replaceAll(
  "%",
  Array.from({ length: 10 }, (_, i) => `SELECT ${i} AS v`).join(" UNION ALL "),
);

describe.each(SQL_SERVERS)("on %s, rows that are being read", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`when the server ends the connection${why}`, () => {
    test.each(["streamRows", "RowReader"] as const)("end in a fault from %s", async (reader) => {
      const target = mysqlTarget(urlOf(server));
      const other = await MysqlSession.open(target);
      const session = reader === "streamRows" ? await openSnapshot(target) : await RowReader.open(target);
      const read = async (): Promise<void> => {
        if (session instanceof RowReader)
          for await (const _ of session.read(`${SLOW_ROWS} /* ours */`, {
            columns: [],
            provedColumns: [],
            jsonColumns: [],
          }));
        else for await (const _ of streamRows(session, `${SLOW_ROWS} /* ours */`));
      };
      const ended = expect(read()).rejects.toMatchObject({ code: "mysql-lost" });
      try {
        let id: string | undefined;
        while (id === undefined) {
          const rows = await other.rows<{ Id: string; Info: string | null }>("SHOW FULL PROCESSLIST");
          id = rows.find((row) => row.Info?.endsWith("/* ours */"))?.Id;
        }
        await other.run(`KILL ${id}`);
        await ended;
      } finally {
        await session.close();
        await other.close();
      }
    });
  });
});
