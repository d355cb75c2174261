import { join } from "node:path";
import { loaded } from "@firebreak/testing/recipes/loaded";
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
  type SqlServer,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { contentOf } from "@firebreak/testing/tables/table-content";

interface TableCase {
  readonly title: string;
  readonly statements: readonly string[];
  readonly on?: SqlServer;
}

const many = (count: number, column: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => column(i)).join(", ");

const CASES: readonly TableCase[] = [
  {
    title: "foreign keys to columns that are not unique",
    statements: [
      "SET SESSION restrict_fk_on_non_standard_key = OFF",
      "CREATE TABLE par (id INT PRIMARY KEY, g INT, KEY (g))",
      "CREATE TABLE kid (id INT PRIMARY KEY, g INT, FOREIGN KEY (g) REFERENCES par (g))",
      "INSERT INTO par VALUES (1, 5), (2, 5)",
      "INSERT INTO kid VALUES (1, 5)",
    ],
    on: "mysql",
  },
  {
    title: "rows that may be too large for a page",
    statements: [
      "SET SESSION innodb_strict_mode = OFF",
      `CREATE TABLE large (id INT PRIMARY KEY, ${many(200, (i) => `c${i} CHAR(50)`)}) CHARACTER SET latin1 ROW_FORMAT=DYNAMIC`,
      "INSERT INTO large (id, c0, c199) VALUES (1, 'a', 'b')",
    ],
  },
  {
    title: "numbers that are counted within a group, of MyISAM",
    statements: [
      "CREATE TABLE aim (g INT NOT NULL, n INT NOT NULL AUTO_INCREMENT COMMENT 'an AUTO_INCREMENT', PRIMARY KEY (g, n)) ENGINE=MyISAM",
      "INSERT INTO aim (g) VALUES (1), (1), (2)",
    ],
  },
  {
    title: "checks, of an engine that cannot roll back",
    statements: [
      "CREATE TABLE checked (a INT CHECK (a > 0), CONSTRAINT of_b CHECK (a < 9)) ENGINE=MyISAM",
      "INSERT INTO checked VALUES (1), (8)",
    ],
  },
  {
    title: "generated columns alone",
    statements: [
      "CREATE TABLE g (b INT AS (3) VIRTUAL, c INT AS (4) STORED)",
      "INSERT INTO g () VALUES (), ()",
      "CREATE TABLE g_old (c INT AS (4) STORED) ENGINE=MyISAM",
      "INSERT INTO g_old () VALUES (), (), ()",
    ],
  },
  {
    title: "no table at all, but a routine and an event",
    statements: [
      "CREATE FUNCTION plus_one(n INT) RETURNS INT DETERMINISTIC RETURN n + 1",
      "CREATE EVENT daily ON SCHEDULE EVERY 1 DAY DISABLE DO SET @x = 1",
    ],
  },
  {
    title: "an ARCHIVE that counts",
    statements: [
      "CREATE TABLE ar (id INT AUTO_INCREMENT PRIMARY KEY, a TEXT) ENGINE=ARCHIVE",
      "INSERT INTO ar (a) VALUES ('x'), ('y')",
    ],
    on: "mysql",
  },
  {
    title: "periods without overlaps",
    statements: [
      "CREATE TABLE per (id INT, d1 DATE, d2 DATE, PERIOD FOR app (d1, d2), PRIMARY KEY (id, app WITHOUT OVERLAPS))",
      "INSERT INTO per VALUES (1, '2024-01-01', '2024-02-01'), (1, '2024-02-01', '2024-03-01')",
    ],
    on: "mariadb",
  },
  {
    title: "DECIMALs inside JSON documents",
    statements: [
      "CREATE TABLE j (id INT PRIMARY KEY, d JSON, KEY by_price ((CAST(d->>'$.price' AS DECIMAL(10, 2)))))",
      "INSERT INTO j VALUES (1, JSON_OBJECT('price', 1.50, 'it''s \"so\"', JSON_ARRAY(2.00, 1e0, -0.10)))",
      "INSERT INTO j VALUES (2, CAST(1.10 AS JSON)), (3, '{\"a\": 1.5}'), (4, NULL)",
      "CREATE TRIGGER j_counts BEFORE INSERT ON j FOR EACH ROW SET NEW.id = NEW.id + 100",
      "CREATE VIEW j_view AS SELECT id, JSON_TYPE(d) FROM j",
    ],
    on: "mysql",
  },
];

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a table of ${server} comes back that has${why}`, () => {
    let source: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    const again = ownName("odd_again");
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("odd"));
      work = await folder();
    });
    afterAll(async () => {
      await source.connection.query(`DROP DATABASE IF EXISTS \`${again}\``);
      await source[Symbol.asyncDispose]();
      await work[Symbol.asyncDispose]();
    });

    test.each(CASES.filter((c) => c.on === undefined || c.on === server))("$title", async (one) => {
      const { connection } = source;
      for (const statement of [
        `DROP DATABASE IF EXISTS \`${again}\``,
        `DROP DATABASE \`${source.name}\``,
        `CREATE DATABASE \`${source.name}\``,
        `USE \`${source.name}\``,
        ...one.statements,
      ])
        await connection.query(statement);
      const archive = join(work.path, one.title.replaceAll(" ", "-"));
      await well(exported(archive, source.url));
      const restored = await restoredToMysql(archive, urlOf(server), {
        renames: [`${source.name}=${again}`],
      });
      expect(restored.ending, restored.text).toBe("well");
      expect(await contentOf(connection, again)).toEqual(await contentOf(connection, source.name));
      const [tables] = await connection.query<RowDataPacket[]>(`SHOW TABLES FROM \`${again}\``);
      expect(JSON.stringify(tables)).not.toContain("firebreak_");
    });

    test("no name that a database can have, which is said before anything is made", async () => {
      await source.connection.query("CREATE TABLE IF NOT EXISTS named (id INT PRIMARY KEY)");
      const archive = join(work.path, "named");
      await well(exported(archive, source.url, { include: [`${source.name}.named`] }));
      for (const [name, why] of [
        ["f_odd_😀", "emoji"],
        ...(server === "mariadb" ? ([["#mysql50#f_odd", "another name"]] as const) : []),
        ["f_odd ", "space"],
        ["x".repeat(65), "64 letters"],
      ] as const) {
        const renames = [`${source.name}=${name}`];
        const { ending, text } = await restoredToMysql(archive, urlOf(server), { renames });
        expect(ending, text).toBe("mysql-restore-refused");
        expect(text).toContain(name.trim());
        expect(text).toContain(why);
        expect(text).toContain("--rename");
      }
      const { ending, text } = await loaded(archive, urlOf(server, "f_odd_%F0%9F%98%80"));
      expect(ending, text).toBe("mysql-url");
      expect(text).toContain("f_odd_😀");
    });

    test.skipIf(server === "mariadb" || lacking("mariadb").isLacking)(
      "no chance on another server, all of which is said before a row is loaded",
      async () => {
        const { connection, name } = source;
        for (const statement of [
          `ALTER DATABASE \`${name}\` CHARACTER SET latin1`,
          "CREATE TABLE first_table (id INT PRIMARY KEY)",
          "INSERT INTO first_table VALUES (1)",
          "CREATE TABLE of_sums (a INT, b INT, KEY k ((a + b)))",
          "CREATE TABLE in_vain (a INT COLUMN_FORMAT FIXED STORAGE DISK) ENGINE=MyISAM",
        ])
          await connection.query(statement);
        const archive = join(work.path, "elsewhere");
        const include = ["first_table", "of_sums", "in_vain"].map((t) => `${name}.${t}`);
        await well(exported(archive, source.url, { include }));
        await using elsewhere = await sqlDatabase("mariadb", ownName("odd_elsewhere"));
        const renames = [`${name}=${elsewhere.name}`];
        const refused = await restoredToMysql(archive, urlOf("mariadb"), { renames });
        expect(refused.ending, refused.text).toBe("table-refused");
        expect(refused.text).toContain(`the table ${name}.of_sums: You have an error in your SQL syntax`);
        expect(refused.text).toContain(`the table ${name}.in_vain: You have an error in your SQL syntax`);
        expect(await elsewhere.tables()).toEqual([]);
        // The remedy says to do this.
        const exclude = [`${name}.of_sums`, `${name}.in_vain`];
        expect(refused.text).toContain(`--exclude '${name}.in_vain'`);
        await well(restoredToMysql(archive, urlOf("mariadb"), { renames, exclude }));
        expect(await elsewhere.tables()).toEqual(["first_table"]);
      },
    );
  });
}
