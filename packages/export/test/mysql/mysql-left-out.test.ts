import { open } from "node:fs/promises";
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
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";

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

    const exportOf = (name: string, url: string, ...args: readonly string[]) =>
      firebreak(["export", "--source", "mysql", "--archive", join(place.path, name), ...args], {
        mysqlUrl: url,
      });

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
        const { exitCode, output } = await exportOf("unseen", url);
        expect(exitCode, output).toBe(0);
        expect(output.replaceAll(/\s+/g, " ")).toContain(
          `${source.name}: routines, if there are any (this user may not see them; GRANT ${server === "mysql" ? "SHOW_ROUTINE ON *.*" : "SELECT ON `mysql`.`proc`"} shows them)`,
        );
        expect(await notCarriedIn("unseen")).toContain("routine * unseen");
      });
    });

    test("names a view whose statement the user may not see, and has the tables", async () => {
      await withUser([`SELECT ON \`${source.name}\`.*`], async (url) => {
        const { exitCode, output } = await exportOf("views", url);
        expect(exitCode, output).toBe(3);
        expect(await notCarriedIn("views")).toContain("view writing forbidden");
        expect(output.replaceAll(/\s+/g, " ")).toContain("GRANT SELECT, SHOW VIEW ON");
      });
    });

    test("names a routine whose body is hidden from the user", async () => {
      await withUser([readAll(), `EXECUTE ON \`${source.name}\`.*`], async (url) => {
        const ended = await exportOf("hidden", url, "--json");
        expect(ended.exitCode, ended.output).toBe(3);
        expect(await notCarriedIn("hidden")).toEqual(["routine p forbidden", "routine w forbidden"]);
        const summary = eventsOf(ended).at(-1) as { databases: object[] };
        expect(summary.databases).toMatchObject([{ database: source.name }]);
      });
    });

    test("says nothing is missing to a user who sees all, and has views over functions that write", async () => {
      const { exitCode, output } = await exportOf("whole", source.url);
      expect(exitCode, output).toBe(0);
      expect(output).not.toContain("Not carried over");
      expect(output).toContain("2 views");
      expect(await notCarriedIn("whole")).toEqual([]);
    });

    test("names what the server cannot read, has everything else, and ends with 3", async () => {
      await source.connection.query("CREATE TABLE there (id INT) ENGINE=MyISAM");
      await source.connection.query(`CREATE TABLE nowhere (id INT) ENGINE=MERGE UNION=(there)`);
      await source.connection.query("DROP TABLE there");
      try {
        const { exitCode, output } = await exportOf("short", source.url);
        expect(exitCode, output).toBe(3);
        expect(output).toContain(`${source.name}: table nowhere (the server cannot show or read it:`);
        const { manifest } = await readSourceManifest(join(place.path, "short"));
        expect(manifest.namespaces.map((n) => n.collection)).toEqual([
          "on_writing",
          "t",
          "writing",
          "written",
        ]);
        const restored = await firebreak(
          ["restore", "--archive", join(place.path, "short"), "--rename", `${source.name}=${source.name}_r`],
          { mysqlUrl: urlOf(server) },
        );
        expect(restored.exitCode, restored.output).toBe(0);
        expect(restored.output).toContain("table nowhere (the export could not carry it");
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
        const ended = await exportOf(name, source.url, "--json", "--part-mib", "0.05", "--jobs", "2");
        expect(ended.exitCode, ended.output).toBe(3);
        expect(await notCarriedIn(name)).toEqual(["table damaged server-refused"]);
        const summary = eventsOf(ended).at(-1) as { databases: { notCarried: { detail: string }[] }[] };
        expect(summary.databases[0]!.notCarried[0]!.detail).toMatch(/damaged|crashed|Incorrect key file/);
        const archive = join(place.path, name);
        const { manifest } = await readSourceManifest(archive);
        expect(manifest.namespaces.map((n) => n.collection)).toEqual([
          "on_writing",
          "t",
          "writing",
          "written",
        ]);
        await mustEndWell(["verify", "--archive", archive]);
        // A delta lists the same as the full archive.
        const delta = await exportOf("middle-1", source.url, "--delta-from", archive);
        expect(delta.exitCode, delta.output).toBe(3);
        expect(await notCarriedIn("middle-1")).toEqual(["table damaged server-refused"]);
      } finally {
        await source.connection.query("DROP TABLE damaged");
      }
    });

    test("a delta does not take for dropped what cannot be read or seen any more", async () => {
      await source.connection.query("CREATE TABLE lost (id INT) ENGINE=MyISAM");
      await source.connection.query("CREATE TABLE all_of (id INT) ENGINE=MERGE UNION=(lost)");
      try {
        expect(await exportOf("full", source.url, "--exclude", "*.writing")).toMatchObject({ exitCode: 0 });
        await source.connection.query("DROP TABLE lost");
        const from = ["--delta-from", join(place.path, "full")];
        const unreadable = await exportOf("delta", source.url, ...from);
        expect(unreadable.exitCode, unreadable.output).toBe(6);
        expect(unreadable.output).toContain(`${source.name}.all_of`);
        await withUser([`SELECT ON \`${source.name}\`.t`], async (url) => {
          const unseen = await exportOf("delta", url, ...from);
          expect(unseen.exitCode, unseen.output).toBe(6);
          expect(unseen.output).toContain(`${source.name}.written`);
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
    const ended = await firebreak(
      ["export", "--source", "mysql", "--archive", join(place.path, "archive"), "--json"],
      { mysqlUrl: source.url },
    );
    expect(ended.exitCode, ended.output).toBe(3);
    expect(eventsOf(ended).at(-1)).toMatchObject({
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
    const ended = await firebreak(["export", "--source", "mysql", "--archive", archive], {
      mysqlUrl: source.url,
    });
    expect(ended.exitCode, ended.output).toBe(0);
    await source.connection.query("DROP TABLE wide");
    await source.connection.query("DROP VIEW drawing");
    await source.connection.query("DROP SEQUENCE s");
    const restored = await firebreak(["restore", "--archive", archive], { mysqlUrl: source.url });
    expect(restored.exitCode, restored.output).toBe(0);
    expect(await source.value("SELECT CONCAT(c0, c599) FROM wide")).toBe("éè");
  });
});
