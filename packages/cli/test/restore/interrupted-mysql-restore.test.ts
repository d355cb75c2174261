import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { makeEverything } from "@firebreak/testing/tables/every-object";
import { contentOf } from "@firebreak/testing/tables/table-content";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a restore into ${server} that was cut off${why}`, () => {
    let database: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    let before: Map<string, unknown>;
    beforeAll(async () => {
      database = await sqlDatabase(server, ownName("cutback"));
      await makeEverything(database.connection, server, database.name);
      // Of many parts, in an engine that could not take half of one back.
      await database.connection.query(
        "CREATE TABLE many (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, t VARCHAR(200), d DATE) ENGINE = MyISAM",
      );
      await database.connection.query("SET SESSION sql_mode = ''");
      await database.connection.query("INSERT INTO many (t, d) VALUES (REPEAT('x', 150), '0000-00-00')");
      for (let doubling = 0; doubling < 15; doubling++)
        await database.connection.query("INSERT INTO many (t, d) SELECT t, d FROM many");
      before = await contentOf(database.connection, database.name);
      work = await folder();
      archive = join(work.path, "archive");
      await mustEndWell(["export", "--source", "mysql", "--archive", archive, "--part-mib", "0.25"], {
        mysqlUrl: database.url,
      });
      await mustEndWell(["transform", "--archive", archive, "--to", "mysql"]);
    });
    afterAll(async () => {
      await work[Symbol.asyncDispose]();
      await database[Symbol.asyncDispose]();
    });

    const isThere = (sql: string) => async (): Promise<boolean> =>
      Number(await database.value(sql).catch(() => 0)) > 0;
    const inSchema = (what: string) => `${what}_schema = '${database.name}'`;

    test("killed at its tables, at its rows and at its routines, and run again, gives all of it once", async () => {
      const args = ["restore", "--archive", archive, "--drop", "--yes"];
      const moments: readonly (readonly [string, () => string])[] = [
        ["the first tables", () => `SELECT COUNT(*) FROM ${database.name}.child WHERE id < 10`],
        [
          "some parts",
          () => `SELECT COUNT(*) > 3 FROM ${database.name}.firebreak_ledger WHERE table_name = 'many'`,
        ],
        [
          "the first routines",
          () => `SELECT COUNT(*) FROM information_schema.routines WHERE ${inSchema("routine")}`,
        ],
      ];
      await database.connection.query(`DROP DATABASE \`${database.name}\``);
      for (const [what, sql] of moments) {
        const run = start(args, { mysqlUrl: database.url });
        await until(what, isThere(sql()));
        run.kill("SIGKILL");
        expect((await run).signal, what).toBe("SIGKILL");
        await until(
          "the sessions of the killed restore to end",
          async () => (await database.otherStatements()).length === 0,
        );
      }
      const again = await firebreak(args, { mysqlUrl: database.url });
      expect(again.exitCode, again.output).toBe(0);
      expect(again.output).toContain("Going on with the unfinished restore");
      expect(await contentOf(database.connection, database.name)).toEqual(before);
    });
  });
}
