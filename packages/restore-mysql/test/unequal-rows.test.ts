import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a restore into ${server} whose rows are not all equal${why}`, () => {
    test("makes all but what would change those rows, and names that", async () => {
      await using database = await sqlDatabase(server, ownName("unequal"));
      await using work = await folder();
      const { connection, name } = database;
      for (const statement of [
        "CREATE TABLE odd (id INT PRIMARY KEY, v INT)",
        "CREATE TABLE even (id INT PRIMARY KEY)",
        "CREATE TABLE gone (id INT)",
        "INSERT INTO odd VALUES (1, 1)",
        "CREATE VIEW of_odd AS SELECT v FROM odd",
        // It keeps the first restore from its end: the second then goes on.
        "CREATE VIEW of_gone AS SELECT id FROM gone",
        "DROP TABLE gone",
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE TRIGGER odd_trigger BEFORE INSERT ON odd FOR EACH ROW SET NEW.v = 0",
        "CREATE TRIGGER even_trigger BEFORE INSERT ON even FOR EACH ROW SET NEW.id = 0",
        "CREATE EVENT odd_event ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM odd",
        "CREATE EVENT even_event ON SCHEDULE EVERY 1 YEAR DISABLE DO DELETE FROM even",
      ])
        await connection.query(statement);
      const archive = join(work.path, "archive");
      await well(exported(archive, database.url));
      await connection.query(`DROP DATABASE \`${name}\``);
      const restore = () => restoredToMysql(archive, urlOf(server));
      const first = await restore();
      expect(first.ending, first.text).toBe("unequal");
      expect(first.text).toContain(`The server did not take the view ${name}.of_gone`);
      for (const statement of [
        `USE \`${name}\``,
        "DROP TRIGGER odd_trigger",
        "DROP TRIGGER even_trigger",
        "DROP EVENT odd_event",
        "DROP EVENT even_event",
        "DROP PROCEDURE p",
        "DROP VIEW of_odd",
        "UPDATE odd SET v = 2",
      ])
        await connection.query(statement);

      const second = await restore();
      expect(second.ending, second.text).toBe("unequal");
      expect(second.text).toContain(`The rows of ${name}.odd are not as the archive has them`);
      expect(second.text).toContain(`trigger ${name}.odd_trigger, event ${name}.odd_event`);
      const made = async (): Promise<string[]> => {
        const [rows] = await connection.query<RowDataPacket[]>(
          `SELECT trigger_name AS n FROM information_schema.triggers WHERE trigger_schema = '${name}'
            UNION ALL SELECT event_name FROM information_schema.events WHERE event_schema = '${name}'
            UNION ALL SELECT routine_name FROM information_schema.routines WHERE routine_schema = '${name}'
            UNION ALL SELECT table_name FROM information_schema.views WHERE table_schema = '${name}'`,
        );
        return rows.map((row) => String(row["n"])).sort();
      };
      expect(await made()).toEqual(["even_event", "even_trigger", "of_odd", "p"]);

      await connection.query("UPDATE odd SET v = 1");
      await connection.query("CREATE TABLE gone (id INT)");
      const third = await restore();
      expect(third.ending, third.text).toBe("well");
      expect(await made()).toEqual([
        "even_event",
        "even_trigger",
        "odd_event",
        "odd_trigger",
        "of_gone",
        "of_odd",
        "p",
      ]);
    });
  });
}
