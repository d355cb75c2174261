import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { MysqlManifest } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import {
  asUser,
  lacking,
  mongodbDatabase,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { loaded, repaired } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { verified } from "@firebreak/testing/recipes/verified";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { transformed } from "@firebreak/testing/recipes/transformed";
import { compacted } from "@firebreak/testing/recipes/compacted";
import { exported, exportedDelta } from "@firebreak/testing/recipes/exported";
import { rowsOf } from "@firebreak/testing/tables/table-content";

/** A SET with the largest possible number of members. The first one is empty. */
const WIDEST = `SET(${Array.from({ length: 64 }, (_, i) => (i === 0 ? "''" : `'m${i}'`)).join(", ")})`;

/** Values of which the text does not say which they are, and one ENUM whose error value its text does tell. */
const TABLES = [
  `CREATE TABLE m (
    id INT PRIMARY KEY, e ENUM('', 'x', '2') NOT NULL, s SET('', 'a', '1'), w ${WIDEST}, plain ENUM('q', 'ü', 'it''s'),
    alike ENUM('a', 'A', 'b') COLLATE utf8mb4_general_ci, gen INT AS (e + 0) STORED)`,
  `INSERT IGNORE INTO m (id, e, s, w, plain, alike) VALUES
    (1, 'zzz', 1, 1, 'zzz', 1), (2, 1, 3, 18446744073709551615, 'ü', 2), (3, 2, 6, 9223372036854775808, 3, 3),
    (4, '2', 7, 0, NULL, 0), (5, 3, NULL, NULL, '', NULL), (6, 0, 0, 2, 1, 1), (7, 1, 5, 4294967296, 2, 2)`,
  "CREATE TABLE keyed (e ENUM('', 'x'), n INT, v VARCHAR(9), PRIMARY KEY (e, n))",
  "INSERT IGNORE INTO keyed VALUES (0, 1, 'zero'), (1, 1, 'empty'), (2, 1, 'x'), (0, 2, 'zero'), (1, 2, 'empty')",
  "CREATE TABLE other (id INT PRIMARY KEY, e ENUM('a', 'b'))",
  "INSERT INTO other VALUES (1, 'a')",
] as const;

/** One more than the warnings that a server can list. */
const MANY = 65_536;

const CHANGES = [
  "UPDATE IGNORE keyed SET v = 'more' WHERE e = 0 AND n = 2",
  "DELETE FROM keyed WHERE e = 1 AND n = 1",
  "INSERT IGNORE INTO keyed VALUES (0, 3, 'new'), (1, 3, 'new')",
  "UPDATE IGNORE m SET e = 0 WHERE id = 2",
  "UPDATE m SET s = 2 WHERE id = 1",
] as const;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(
    `ENUMs and SETs of ${server} whose texts do not tell their values apart${why}`,
    () => {
      let source: SqlDatabase;
      let work: Awaited<ReturnType<typeof folder>>;
      const path = (name: string): string => join(work.path, name);
      const formatVersionOf = async (name: string): Promise<unknown> =>
        (JSON.parse(await readFile(join(path(name), "manifest.json"), "utf8")) as Record<string, unknown>)[
          "formatVersion"
        ];
      const fill = async (statements: readonly string[]): Promise<void> => {
        await source.connection.query("SET SESSION sql_mode = ''");
        for (const statement of statements) await source.connection.query(statement);
      };
      const exportTo = (name: string, options: Parameters<typeof exported>[2] = {}) =>
        well(exported(path(name), source.url, options));
      const expectSame = async (
        target: string,
        tables: readonly string[] = ["m", "keyed"],
      ): Promise<void> => {
        for (const table of tables)
          expect(await rowsOf(source.connection, target, table), table).toEqual(
            await rowsOf(source.connection, source.name, table),
          );
      };
      const load = async (name: string, target: SqlDatabase): Promise<void> => {
        await well(loaded(path(name), target.url, { mayAlter: true }));
        await well(checked(path(name), target.url));
      };

      beforeAll(async () => {
        source = await sqlDatabase(server, ownName("members"));
        work = await folder();
        await fill(TABLES);
        await source.connection.query("CREATE TABLE many (id INT PRIMARY KEY, e ENUM('', 'x'))");
        const ids = Array.from({ length: MANY }, (_, i) => `(${i})`);
        await source.connection.query(`INSERT INTO many (id) VALUES ${ids.join(", ")}`);
        await source.connection.query("UPDATE IGNORE many SET e = 0");
      });
      afterAll(async () => {
        await source[Symbol.asyncDispose]();
        await work[Symbol.asyncDispose]();
      });

      test("come back as they were, and the archive is of a format that tells", async () => {
        const again = ownName("members_again");
        await exportTo("full");
        expect(await formatVersionOf("full")).toBe(3);
        await well(verified(path("full")));
        try {
          await well(restoredToMysql(path("full"), urlOf(server), { renames: [`${source.name}=${again}`] }));
          await expectSame(again, ["m", "keyed", "other", "many"]);
        } finally {
          await source.connection.query(`DROP DATABASE IF EXISTS \`${again}\``);
        }
      });

      test("are of the usual format where the tables with them are left out", async () => {
        const exclude = ["m", "keyed", "many"].map((table) => `${source.name}.${table}`);
        await exportTo("others", { exclude });
        expect(await formatVersionOf("others")).toBe(1);
      });

      test("are of the new format too where the manifest is encrypted", async () => {
        const file = await passphraseFile(path("passphrase"));
        await exportTo("sealed", { hasPassphrase: true, passphraseFile: file });
        expect(await formatVersionOf("sealed")).toBe(3);
      });

      test("are put right, deltas bring them, and compacted they load again", async () => {
        await using target = await sqlDatabase(server, ownName("members_target"));
        await using anew = await sqlDatabase(server, ownName("members_anew"));
        await well(transformed(path("full"), { to: "mysql" }));
        await load("full", target);
        await expectSame(target.name);

        await target.connection.query("SET SESSION sql_mode = ''");
        await target.connection.query("UPDATE IGNORE keyed SET e = 0 WHERE e = 2");
        await target.connection.query("UPDATE m SET e = 1 WHERE id = 1");
        await target.connection.query("DELETE FROM m WHERE id = 4");
        const found = await checked(path("full"), target.url, {
          repair: { repairFolder: path("repair"), version: "test" },
        });
        expect(found.ending, found.text).toBe("unequal");
        expect(await formatVersionOf("repair")).toBe(3);
        await well(repaired(path("repair"), target.url));
        await expectSame(target.name);

        await fill(CHANGES);
        await well(exportedDelta(path("delta"), source.url, path("full")));
        expect(await formatVersionOf("delta")).toBe(3);
        await well(verified(path("delta")));
        await well(transformed(path("delta"), { to: "mysql" }));
        await load("delta", target);
        await expectSame(target.name);

        await well(compacted(path("delta"), path("compacted")));
        expect(await formatVersionOf("compacted")).toBe(3);
        await well(transformed(path("compacted"), { to: "mysql" }));
        await load("compacted", anew);
        await expectSame(anew.name);
      });

      test("are loaded by a user who may not have more warnings listed than the server lists", async () => {
        await using target = await sqlDatabase(server, ownName("members_user"));
        const user = `'members'@'%'`;
        await fill([
          "CREATE TABLE some LIKE many",
          "INSERT IGNORE INTO some SELECT * FROM many WHERE id < 3000",
        ]);
        await exportTo("many", { include: [`${source.name}.some`] });
        await well(transformed(path("many"), { to: "mysql" }));
        await target.connection.query(`CREATE USER ${user} IDENTIFIED BY 'right'`);
        try {
          await target.connection.query(`GRANT ALL ON \`${target.name}\`.* TO ${user}`);
          await well(loaded(path("many"), asUser(target.url, "members", "right")));
          await expectSame(target.name, ["some"]);
        } finally {
          await target.connection.query(`DROP USER ${user}`);
          await source.connection.query("DROP TABLE some");
        }
      });

      test("go to quarantine where the server does not show a member's name", async () => {
        await fill([
          "CREATE TABLE hidden (id INT PRIMARY KEY, e ENUM('', '😀', 'why?'))",
          "INSERT IGNORE INTO hidden VALUES (1, 1), (2, '😀'), (3, 'why?'), (4, 0), (5, NULL)",
        ]);
        await exportTo("hidden", { include: [`${source.name}.hidden`] });
        await source.connection.query("DROP TABLE hidden");
        const ended = await transformed(path("hidden"), { to: "mysql" });
        expect(ended.ending, ended.text).toBe("short");
        const { tables, namespaces } = JSON.parse(
          await readFile(join(path("hidden"), "mysql", "manifest.json"), "utf8"),
        ) as MysqlManifest;
        expect(tables.map((t) => t.digest.rowCount)).toEqual([4]);
        expect(namespaces.map((n) => n.quarantinedCount)).toEqual([1]);
      });

      const there = lacking("mongodb");
      test.skipIf(there.isLacking)(`go by MongoDB and come back${there.why}`, async () => {
        await using collections = await mongodbDatabase(ownName(`members_${server}`));
        await using target = await sqlDatabase(server, ownName("members_back"));
        await exportTo("there");
        await well(transformed(path("there"), { to: "mongodb" }));
        await well(loaded(path("there"), collections.url));
        await well(exported(path("back"), collections.url));
        await well(transformed(path("back"), { to: "mysql" }));
        await load("back", target);
        await expectSame(target.name);
      });
    },
  );
}

async function passphraseFile(path: string): Promise<string> {
  await writeFile(path, "a passphrase of some length\n", { mode: 0o600 });
  return path;
}
