import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, killedAt, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { contentOf, rowsOf } from "@firebreak/testing/tables/table-content";

const many = (count: number, column: (i: number) => string): string =>
  Array.from({ length: count }, (_, i) => column(i)).join(", ");

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`a table of ${server} that InnoDB cannot stand in for${why}`, () => {
    let source: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    const again = ownName("direct_again");
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("direct"));
      work = await folder();
      archive = join(work.path, "archive");
      for (const statement of [
        // More columns than InnoDB has, and longer rows than a page of it takes.
        `CREATE TABLE wide (id INT NOT NULL AUTO_INCREMENT PRIMARY KEY, ${many(1100, (i) => `c${i} SMALLINT`)}) ENGINE=MyISAM`,
        `CREATE TABLE long_rows (${many(90, (i) => `c${i} CHAR(100)`)}, CHECK (c0 <> '')) ENGINE=MyISAM CHARACTER SET latin1`,
        "CREATE TABLE no_rows LIKE wide",
        "CREATE TABLE other (id INT PRIMARY KEY) ENGINE=MyISAM",
        "INSERT INTO other VALUES (1)",
        `INSERT INTO long_rows VALUES (${many(90, (i) => `REPEAT('${i % 10}', 100)`)})`,
        "INSERT INTO wide (c0, c1099) VALUES (1, 2), (3, 4)",
        ...Array.from({ length: 4 }, () => "INSERT INTO wide (c0, c1099) SELECT c1, c0 FROM wide"),
        "DELETE FROM wide WHERE id = 1",
        "CREATE TRIGGER tr BEFORE INSERT ON wide FOR EACH ROW SET NEW.c0 = 9",
      ])
        await source.connection.query(statement);
      await mustEndWell(["export", "--source", "mysql", "--archive", archive, "--part-mib", "0.1"], {
        mysqlUrl: source.url,
      });
    });
    afterAll(async () => {
      await source.connection.query(`DROP DATABASE IF EXISTS \`${again}\``);
      await work[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    });

    test("comes back whole, also killed before its first part and after it", async () => {
      const args = ["restore", "--archive", archive, "--rename", `${source.name}=${again}`];
      await killedAt("direct-noted:1", args, { mysqlUrl: urlOf(server) });
      await killedAt("direct-part:3", args, { mysqlUrl: urlOf(server) });
      const half = await rowsOf(source.connection, again, "wide");
      expect(half.length).toBeGreaterThan(0);
      expect(half.length).toBeLessThan(31);
      const restored = await firebreak(args, { mysqlUrl: urlOf(server) });
      expect(restored.exitCode, restored.output).toBe(0);
      expect(await contentOf(source.connection, again)).toEqual(
        await contentOf(source.connection, source.name),
      );
    });

    test.skipIf(server === "mariadb")(
      "is named where a delta has rows for it, and nothing is changed",
      async () => {
        await source.connection.query(`DROP DATABASE IF EXISTS \`${again}\``);
        await source.connection.query(`CREATE DATABASE \`${again}\``);
        const url = new URL(urlOf(server));
        url.pathname = `/${again}`;
        const target = { mysqlUrl: url.href };
        await mustEndWell(["load", "--to", "mysql", "--archive", archive], target);
        const [delta, next] = [join(work.path, "delta"), join(work.path, "next")];
        await source.connection.query("UPDATE other SET id = 2");
        await mustEndWell(["export", "--archive", delta, "--source", "mysql", "--delta-from", archive], {
          mysqlUrl: source.url,
        });
        await mustEndWell(["transform", "--archive", delta, "--delta-from", archive]);
        await mustEndWell(["load", "--archive", delta], target);
        await source.connection.query("UPDATE wide SET c0 = 7 WHERE id = 2");
        await mustEndWell(["export", "--archive", next, "--source", "mysql", "--delta-from", delta], {
          mysqlUrl: source.url,
        });
        await mustEndWell(["transform", "--archive", next, "--delta-from", delta]);
        const before = await rowsOf(source.connection, again, "wide");
        const refused = await firebreak(["load", "--archive", next], target);
        expect(refused.exitCode, refused.output).toBe(6);
        expect(refused.output).toContain("only the engine MyISAM takes table wide");
        expect(await rowsOf(source.connection, again, "wide")).toEqual(before);
        expect(await rowsOf(source.connection, again, "other")).toEqual(
          await rowsOf(source.connection, source.name, "other"),
        );
      },
    );
  });
}
