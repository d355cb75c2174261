import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/tables/table-content";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`statements that servers show otherwise, on ${server}${why}`, () => {
    let source: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("statements"));
      work = await folder();
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
    });

    /** Exports one database, drops it and restores it. */
    async function thereAndBack(name: string) {
      const archive = join(work.path, name);
      await well(exported(archive, source.url));
      await source.connection.query(`DROP DATABASE \`${source.name}\``);
      const ended = await restoredToMysql(archive, urlOf(server));
      await source.connection.query(`USE \`${source.name}\``);
      return ended;
    }

    test("emoji in expressions and routines, and rows that InnoDB cannot keep in their way, come back", async () => {
      const { connection } = source;
      await connection.query(
        "CREATE TABLE e (id INT PRIMARY KEY, a VARCHAR(10) CHARACTER SET utf8mb4 AS (CONCAT('😀', id)) STORED, CHECK (a <> '😀'))",
      );
      await connection.query("INSERT INTO e (id) VALUES (1)");
      // MySQL refuses such a routine.
      if (server === "mariadb") {
        await connection.query("SET SESSION session_track_system_variables = ''");
        await connection.query("SET SESSION character_set_client = utf8mb3");
        await connection.query("CREATE FUNCTION f() RETURNS VARBINARY(8) DETERMINISTIC RETURN '😀'");
        await connection.query("SET NAMES utf8mb4");
      }
      const text = server === "mariadb" ? await source.value("SELECT HEX(f())") : "";
      const shown = async () =>
        (await connection.query<RowDataPacket[]>("SHOW CREATE TABLE fixed_rows"))[0][0]!["Create Table"];
      await connection.query(
        "CREATE TABLE fixed_rows (a INT, b CHAR(10)) ENGINE=MyISAM ROW_FORMAT=FIXED KEY_BLOCK_SIZE=4 COMMENT='of ROW_FORMAT=FIXED, too'",
      );
      await connection.query("INSERT INTO fixed_rows VALUES (1, 'x')");
      const before = await shown();
      const ended = await thereAndBack("shown");
      expect(ended.ending, ended.text).toBe("well");
      expect(await shown()).toEqual(before);
      expect(await source.value("SELECT CONCAT(a, b) FROM fixed_rows")).toBe("1x");
      expect(await source.value("SELECT HEX(a) FROM e")).toBe("F09F988031");
      if (server === "mariadb") expect(await source.value("SELECT HEX(f())")).toBe(text);
      await connection.query("DROP TABLE e, fixed_rows");
    });

    test("letters of latin1, and an event in a mode that cannot read its own statement, come back", async () => {
      const { connection } = source;
      for (const statement of [
        // The driver then sends letters in the set that the server is told of.
        "SET SESSION session_track_system_variables = 'character_set_client'",
        "SET NAMES latin1",
        "CREATE VIEW letters AS SELECT 'é' AS e",
        "CREATE FUNCTION f_letters() RETURNS VARCHAR(9) CHARSET latin1 DETERMINISTIC RETURN 'é'",
        "SET NAMES utf8mb4",
        "SET SESSION sql_mode = 'HIGH_NOT_PRECEDENCE'",
        "CREATE EVENT moded ON SCHEDULE EVERY 1 DAY STARTS '2035-01-01' DISABLE COMMENT ' ON COMPLETION NOT PRESERVE ' DO SELECT NOT 1",
        "SET SESSION sql_mode = DEFAULT",
      ])
        await connection.query(statement);
      const before = await contentOf(connection, source.name);
      const ended = await thereAndBack("letters");
      expect(ended.ending, ended.text).toBe("well");
      expect(await contentOf(connection, source.name)).toEqual(before);
      expect(await source.value("SELECT CONCAT(HEX(e), CHARSET(e), HEX(f_letters())) FROM letters")).toBe(
        "E9latin1E9",
      );
    });
  });
}
