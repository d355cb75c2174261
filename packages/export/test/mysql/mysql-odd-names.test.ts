import { join } from "node:path";
import { well } from "@firebreak/testing/recipes/outcome";
import { exported } from "@firebreak/testing/recipes/exported";
import { readDatabaseFile, readSourceManifest } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { linesOf } from "@firebreak/testing/archives/read-lines";

describe.each(SQL_SERVERS)("of %s", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`odd names in an export${why}`, () => {
    let source: SqlDatabase;
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("odd"));
      place = await folder();
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const at = (name: string): string => join(place.path, name);

    test("two tables that would be one name in the archive are refused, and both databases named", async () => {
      await using other = await sqlDatabase(server, `${source.name}.b`);
      await source.connection.query("CREATE TABLE `b.c` (a INT)");
      await other.connection.query("CREATE TABLE c (a INT)");
      const { ending, text } = await exported(at("alike"), urlOf(server), { include: [`${source.name}.*`] });
      expect(ending, text).toBe("source-names-alike");
      expect(text).toContain(`${source.name}.b.c would be one table`);
      expect(text).toContain(`${source.name}, ${source.name}.b.`);
    });

    test("databases that differ by case are each its own, also from a system's", async () => {
      await using other = await sqlDatabase(server, source.name.toUpperCase());
      const { connection } = source;
      await connection.query("CREATE DATABASE IF NOT EXISTS SYS");
      try {
        await connection.query("CREATE TABLE IF NOT EXISTS SYS.own (a INT)");
        await connection.query("CREATE TABLE t (a INT)");
        await other.connection.query("CREATE TABLE t (a INT)");
        await other.connection.query("CREATE PROCEDURE only_there() SELECT 1");
        await other.connection.query("CREATE EVENT only_there ON SCHEDULE EVERY 1 DAY DISABLE DO SELECT 1");
        await other.connection.query("CREATE TRIGGER only_there BEFORE INSERT ON t FOR EACH ROW SET @a = 1");
        const wanted = ["SYS.own", `${source.name}.t`, `${other.name}.t`];
        const archive = at("case");
        await well(exported(archive, urlOf(server), { include: wanted }));
        const { manifest } = await readSourceManifest(archive);
        expect(manifest.namespaces.map((n) => n.namespace).sort()).toEqual(wanted.sort());
        const found = await Promise.all(manifest.databases!.map((d) => readDatabaseFile(archive, d)));
        const counts = found.map((d) => [d.database, d.procedures.length, d.events.length]);
        expect(counts).toContainEqual([other.name, 1, 1]);
        expect(counts).toContainEqual([source.name, 0, 0]);
      } finally {
        await connection.query("DROP DATABASE SYS");
      }
    });

    test("columns may be called as what every object has, and a key may be of dates that no calendar has", async () => {
      const { connection, name } = source;
      await connection.query(
        "CREATE TABLE inherited (`constructor` INT PRIMARY KEY, `__proto__` INT, `toString` VARCHAR(5))",
      );
      await connection.query("INSERT INTO inherited VALUES (1, 2, 'x')");
      await connection.query("SET SESSION sql_mode = 'ALLOW_INVALID_DATES'");
      await connection.query("CREATE TABLE days (d DATE, n INT, t TEXT, PRIMARY KEY (d, n))");
      const days = ["0000-00-00", "2020-00-00", "2020-02-31", "2021-04-31"];
      const rows = Array.from({ length: 80 }, (_, i) => `('${days[i % 4]!}', ${i}, REPEAT('x', 1000))`);
      await connection.query(`INSERT INTO days VALUES ${rows.join(", ")}`);
      await connection.query("CREATE TABLE bytes (a VARBINARY(4) DEFAULT 0x00FF)");
      const archive = at("columns");
      const { text } = await well(exported(archive, source.url, { partMib: 0.01 }));
      expect(await linesOf(archive, `${name}.inherited`)).toEqual([
        '{"constructor":{"$numberInt":"1"},"__proto__":{"$numberInt":"2"},"toString":"x"}',
      ]);
      const { manifest } = await readSourceManifest(archive);
      const cut = manifest.namespaces.find((n) => n.collection === "days")!;
      expect(cut.parts.length).toBeGreaterThan(4);
      expect(cut.lineCount).toBe(rows.length);
      // MySQL shows such a default in digits.
      const isTold = text.includes(`${name}.bytes by statements with bytes that are no text`);
      expect(isTold, text).toBe(server === "mariadb");
    });
  });
});
