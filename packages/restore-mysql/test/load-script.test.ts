import { join } from "node:path";
import { execa } from "execa";
import { describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { lacking, ownName, sqlDatabase, SQL_SERVERS, urlOf } from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { fillTable, typeCases } from "@firebreak/testing/tables/every-type";
import { rowsOf } from "@firebreak/testing/tables/table-content";

const CLIENTS = {
  mysql: { folder: process.env["FIREBREAK_TEST_MYSQL_BIN"], name: "mysql" },
  mariadb: { folder: process.env["FIREBREAK_TEST_MARIADB_BIN"], name: "mariadb" },
} as const;

/** Of these MySQL warns whenever a statement names them. */
const SETS = ["ucs2", "utf16", "utf32", "utf16le", "utf8mb3", "latin1", "sjis"] as const;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  const client = CLIENTS[server];
  describe.skipIf(isLacking || client.folder === undefined)(`load.sh, on ${server}${why}`, () => {
    test("loads tables of every type, character set and engine, whatever the server warns of", async () => {
      await using source = await sqlDatabase(server, ownName("script"));
      await using target = await sqlDatabase(server, ownName("scripted"));
      await using work = await folder();
      const { connection } = source;
      await connection.query(
        "SET SESSION sql_mode = 'ALLOW_INVALID_DATES,NO_AUTO_VALUE_ON_ZERO', SESSION time_zone = '+00:00'",
      );
      await fillTable(connection, "every_type", typeCases(server), 100);
      for (const set of SETS) {
        await connection.query(
          `CREATE TABLE of_${set} (id INT PRIMARY KEY, v VARCHAR(9) CHARACTER SET ${set})`,
        );
        await connection.query(`INSERT INTO of_${set} VALUES (1, 'x'), (2, 'y'), (3, NULL)`);
      }
      for (const statement of [
        "CREATE TABLE g (b INT AS (3) VIRTUAL)",
        "INSERT INTO g () VALUES (), ()",
        "CREATE TABLE members (e ENUM('', 'x'), s SET('', 'x'), d ENUM('a', 'A') COLLATE utf8mb4_general_ci, p ENUM('q'))",
        "INSERT IGNORE INTO members VALUES (0, 0, 1, 0), (1, 1, 2, 1), (2, 3, 0, NULL)",
        "CREATE TABLE my (id INT PRIMARY KEY, t TEXT) ENGINE=MyISAM",
        "INSERT INTO my VALUES (1, 'a')",
        "CREATE TABLE parted (id INT PRIMARY KEY) PARTITION BY HASH (id) PARTITIONS 3",
        "INSERT INTO parted VALUES (1), (2)",
      ])
        await connection.query(statement);
      const archive = join(work.path, "archive");
      await well(exported(archive, source.url));
      await well(transformed(archive, { to: "mysql" }));
      const { hostname, port } = new URL(urlOf(server));
      const ended = await execa(
        "sh",
        [
          join(archive, "mysql", "load.sh"),
          `--host=${hostname}`,
          `--port=${port}`,
          "--user=root",
          "--protocol=TCP",
        ],
        {
          env: { MYSQL: join(client.folder ?? "", client.name), FIREBREAK_DATABASE: target.name },
          reject: false,
        },
      );
      expect(ended.exitCode, ended.stderr).toBe(0);
      expect(await target.tables()).toEqual(await source.tables());
      for (const table of await source.tables())
        expect(await rowsOf(connection, target.name, table), table).toEqual(
          await rowsOf(connection, source.name, table),
        );
    });
  });
}
