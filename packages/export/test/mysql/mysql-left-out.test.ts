import { open } from "node:fs/promises";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { verified } from "@firebreak/testing/recipes/verified";
import { exported, exportedDelta } from "@firebreak/testing/recipes/exported";
import { join } from "node:path";
import { readDatabaseFile, readSourceManifest } from "@firebreak/archive";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  asUser,
  lacking,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";

const PASSWORD = "not secret at all";

describe.each(SQL_SERVERS)("of %s", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`an archive that does not have everything${why}`, () => {
    let source: SqlDatabase;
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("left"));
      place = await folder();
      for (const statement of [
        "CREATE TABLE t (id INT PRIMARY KEY)",
        "INSERT INTO t VALUES (1)",
        "CREATE TABLE written (n INT)",
        "CREATE PROCEDURE p() SELECT 1",
        "CREATE FUNCTION w(x INT) RETURNS INT DETERMINISTIC MODIFIES SQL DATA BEGIN INSERT INTO written VALUES (x); RETURN x; END",
        "CREATE VIEW writing AS SELECT w(id) AS y FROM t",
        "CREATE VIEW on_writing AS SELECT y FROM writing",
      ])
        await source.connection.query(statement);
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const exportOf = (
      name: string,
      url: string,
      options: Parameters<typeof exported>[2] = {},
    ): Promise<Outcome> => exported(join(place.path, name), url, options);

    async function notCarriedIn(name: string): Promise<string[]> {
      const archive = join(place.path, name);
      const { manifest } = await readSourceManifest(archive);
      const { notCarried = [] } = await readDatabaseFile(archive, manifest.databases![0]!);
      return notCarried.map((n) => `${n.kind} ${n.name} ${n.reason}`);
    }

    async function withUser<T>(grants: readonly string[], work: (url: string) => Promise<T>): Promise<T> {
      const user = ownName("left").slice(-30);
      await source.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'`);
      try {
        for (const grant of grants) await source.connection.query(`GRANT ${grant} TO '${user}'@'%'`);
        return await work(asUser(source.url, user, PASSWORD));
      } finally {
        await source.connection.query(`DROP USER '${user}'@'%'`);
      }
    }

    const readAll = (): string => `SELECT, SHOW VIEW, TRIGGER, EVENT, LOCK TABLES ON \`${source.name}\`.*`;

    test("says that routines may be missing which the user does not see, and what shows them", async () => {
      await withUser([readAll()], async (url) => {
        const { ending, text } = await exportOf("unseen", url);
        expect(ending, text).toBe("well");
        expect(text.replaceAll(/\s+/g, " ")).toContain(
          `${source.name}: routines, if there are any (this user may not see them; GRANT ${server === "mysql" ? "SHOW_ROUTINE ON *.*" : "SELECT ON `mysql`.`proc`"} shows them)`,
        );
        expect(await notCarriedIn("unseen")).toContain("routine * unseen");
      });
    });

    test("names a view whose statement the user may not see, and has the tables", async () => {
      await withUser([`SELECT ON \`${source.name}\`.*`], async (url) => {
        const { ending, text } = await exportOf("views", url);
        expect(ending, text).toBe("short");
        expect(await notCarriedIn("views")).toContain("view writing forbidden");
        expect(text.replaceAll(/\s+/g, " ")).toContain("GRANT SELECT, SHOW VIEW ON");
      });
    });

    test("names a routine whose body is hidden from the user", async () => {
      await withUser([readAll(), `EXECUTE ON \`${source.name}\`.*`], async (url) => {
        const ended = await exportOf("hidden", url);
        expect(ended.ending, ended.text).toBe("short");
        expect(await notCarriedIn("hidden")).toEqual(["routine p forbidden", "routine w forbidden"]);
        expect(ended.databases).toMatchObject([{ database: source.name }]);
      });
    });

    test("says nothing is missing to a user who sees all, and has views over functions that write", async () => {
      const { ending, text } = await exportOf("whole", source.url);
      expect(ending, text).toBe("well");
      expect(text).not.toContain("Not carried over");
      expect(text).toContain("2 views");
      expect(await notCarriedIn("whole")).toEqual([]);
    });

    test("names what the server cannot read, has everything else, and ends with 3", async () => {
      await source.connection.query("CREATE TABLE there (id INT) ENGINE=MyISAM");
      await source.connection.query(`CREATE TABLE nowhere (id INT) ENGINE=MERGE UNION=(there)`);
      await source.connection.query("DROP TABLE there");
      try {
        const { ending, text } = await exportOf("short", source.url);
        expect(ending, text).toBe("short");
        expect(text).toContain(`${source.name}: table nowhere (the server cannot show or read it:`);
        const { manifest } = await readSourceManifest(join(place.path, "short"));
        expect(manifest.namespaces.map((n) => n.collection)).toEqual([
          "on_writing",
          "t",
          "writing",
          "written",
        ]);
        const restored = await restoredToMysql(join(place.path, "short"), urlOf(server), {
          renames: [`${source.name}=${source.name}_r`],
        });
        expect(restored.ending, restored.text).toBe("well");
        expect(restored.text).toContain("table nowhere (the export could not carry it");
      } finally {
        await source.connection.query("DROP TABLE nowhere");
        await source.connection.query(`DROP DATABASE IF EXISTS \`${source.name}_r\``);
      }
    });

    test("names a table that the server fails to read in the middle, and has all others", async ({
      skip,
    }) => {
      const file = join(await source.value("SELECT @@datadir"), source.name, "damaged.MYD");
      for (const statement of [
        "CREATE TABLE damaged (id INT AUTO_INCREMENT PRIMARY KEY, t VARCHAR(300)) ENGINE=MyISAM",
        "INSERT INTO damaged (t) VALUES (REPEAT('x', 200))",
        ...Array.from({ length: 12 }, () => "INSERT INTO damaged (t) SELECT t FROM damaged"),
        "CREATE TRIGGER of_damaged BEFORE INSERT ON damaged FOR EACH ROW SET NEW.t = ''",
        "FLUSH TABLES damaged",
      ])
        await source.connection.query(statement);
      try {
        const data = await open(file, "r+").catch(() => skip("the server's files are not here"));
        await data.write(Buffer.alloc(9000, 0xee), 0, 9000, 700_000);
        await data.close();
        const name = "middle";
        const ended = await exportOf(name, source.url, { partMib: 0.05 });
        expect(ended.ending, ended.text).toBe("short");
        expect(await notCarriedIn(name)).toEqual(["table damaged server-refused"]);
        expect(ended.databases[0]!.notCarried[0]!.detail).toMatch(/damaged|crashed|Incorrect key file/);
        const archive = join(place.path, name);
        const { manifest } = await readSourceManifest(archive);
        expect(manifest.namespaces.map((n) => n.collection)).toEqual([
          "on_writing",
          "t",
          "writing",
          "written",
        ]);
        await well(verified(archive));
        // A delta lists the same as the full archive.
        const delta = await exportedDelta(join(place.path, "middle-1"), source.url, archive);
        expect(delta.ending, delta.text).toBe("short");
        expect(await notCarriedIn("middle-1")).toEqual(["table damaged server-refused"]);
      } finally {
        await source.connection.query("DROP TABLE damaged");
      }
    });

    test("a delta does not take for dropped what cannot be read or seen any more", async () => {
      await source.connection.query("CREATE TABLE lost (id INT) ENGINE=MyISAM");
      await source.connection.query("CREATE TABLE all_of (id INT) ENGINE=MERGE UNION=(lost)");
      try {
        await well(exportOf("full", source.url, { exclude: ["*.writing"] }));
        await source.connection.query("DROP TABLE lost");
        const [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
        const unreadable = await exportedDelta(delta, source.url, full);
        expect(unreadable.error, unreadable.text).toMatchObject({ exitCode: 6 });
        expect(unreadable.text).toContain(`${source.name}.all_of`);
        await withUser([`SELECT ON \`${source.name}\`.t`], async (url) => {
          const unseen = await exportedDelta(delta, url, full);
          expect(unseen.error, unseen.text).toMatchObject({ exitCode: 6 });
          expect(unseen.text).toContain(`${source.name}.written`);
        });
      } finally {
        await source.connection.query("DROP TABLE IF EXISTS all_of, lost");
      }
    });
  });
});

const mysql = lacking("mysql");
describe.skipIf(mysql.isLacking)(`of a MySQL whose files are lost${mysql.why}`, () => {
  test("a table without its tablespace, or with one partition less, is named, and others are exported", async () => {
    await using source = await sqlDatabase("mysql", ownName("lost"));
    await using place = await folder();
    for (const statement of [
      "CREATE TABLE here (id INT PRIMARY KEY)",
      "CREATE TABLE lost (id INT PRIMARY KEY)",
      "ALTER TABLE lost DISCARD TABLESPACE",
      "CREATE TABLE half (id INT PRIMARY KEY) PARTITION BY RANGE (id) (PARTITION p1 VALUES LESS THAN (9), PARTITION p2 VALUES LESS THAN (99))",
      "INSERT INTO half VALUES (1), (50)",
      "ALTER TABLE half DISCARD PARTITION p2 TABLESPACE",
      "CREATE TABLE parted (id INT PRIMARY KEY, d INT AS (id) STORED) PARTITION BY HASH (id) PARTITIONS 200",
      "INSERT INTO parted (id) VALUES (1), (77)",
    ])
      await source.connection.query(statement);
    const ended = await exported(join(place.path, "archive"), source.url);
    expect(ended.ending, ended.text).toBe("short");
    expect(ended).toMatchObject({
      databases: [
        {
          database: source.name,
          notCarried: [
            { kind: "table", name: "half", reason: "server-refused" },
            { kind: "table", name: "lost", reason: "server-refused" },
          ],
        },
      ],
    });
    const { manifest } = await readSourceManifest(join(place.path, "archive"));
    expect(manifest.namespaces.map((n) => n.collection)).toEqual(["here", "parted"]);
  });
});

const { isLacking, why } = lacking("mariadb");
describe.skipIf(isLacking)(`of a MariaDB with the stack of its packages${why}`, () => {
  test("views that draw from a sequence and tables of 600 columns of text are in the archive", async () => {
    await using source = await sqlDatabase("mariadb", ownName("stack"));
    await using place = await folder();
    const columns = Array.from({ length: 600 }, (_, i) => `c${i} VARCHAR(9)`);
    for (const statement of [
      "CREATE SEQUENCE s",
      "CREATE VIEW drawing AS SELECT NEXTVAL(s) AS n",
      `CREATE TABLE wide (id INT PRIMARY KEY, ${columns.join(", ")}) CHARACTER SET latin1`,
      "INSERT INTO wide (id, c0, c599) VALUES (1, 'é', 'è')",
    ])
      await source.connection.query(statement);
    const archive = join(place.path, "archive");
    const ended = await exported(archive, source.url);
    expect(ended.ending, ended.text).toBe("well");
    await source.connection.query("DROP TABLE wide");
    await source.connection.query("DROP VIEW drawing");
    await source.connection.query("DROP SEQUENCE s");
    const restored = await restoredToMysql(archive, source.url);
    expect(restored.ending, restored.text).toBe("well");
    expect(await source.value("SELECT CONCAT(c0, c599) FROM wide")).toBe("éè");
  });
});
