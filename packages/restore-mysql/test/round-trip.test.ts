import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { well, type Outcome } from "@firebreak/testing/recipes/outcome";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { exported } from "@firebreak/testing/recipes/exported";
import { restoredToMysql } from "@firebreak/testing/recipes/restored";
import { makeEverything } from "@firebreak/testing/tables/every-object";
import { contentOf } from "@firebreak/testing/tables/table-content";

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`an archive of ${server}, back into ${server}${why}`, () => {
    let source: SqlDatabase;
    let work: Awaited<ReturnType<typeof folder>>;
    let archive: string;
    let before: Map<string, unknown>;
    const again = ownName("again");
    const drop = (name: string) => source.connection.query(`DROP DATABASE IF EXISTS \`${name}\``);
    const restore = (options: Parameters<typeof restoredToMysql>[2] = {}): Promise<Outcome> =>
      restoredToMysql(archive, urlOf(server), options);
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("all"));
      await makeEverything(source.connection, server, source.name);
      before = await contentOf(source.connection, source.name);
      work = await folder();
      archive = join(work.path, "archive");
      await well(exported(archive, source.url));
    });
    afterAll(async () => {
      await drop(again);
      await work[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    });

    test("gives the same database where there was none: rows, tables, views, routines, triggers, events", async () => {
      await drop(source.name);
      const ended = await restore();
      expect(ended.ending, ended.text).toBe("well");
      expect(await contentOf(source.connection, source.name)).toEqual(before);
      expect(ended.accounts.map((n) => n.namespace)).toContain(`${source.name}.a_view`);
    });

    test("is refused where all of it is there, and changes nothing", async () => {
      const ended = await restore();
      expect(ended.ending, ended.text).toBe("mysql-restore-refused");
      // What is alike of many is told once, with all their names.
      expect(ended.text).toContain(`there is a table ${source.name}.`);
      expect(ended.text).toContain(`${source.name}.parent`);
      expect(ended.text).toContain(`there is a view ${source.name}.a_view already`);
      expect(ended.text).toContain(`there is a procedure ${source.name}.count_all already`);
      expect(ended.text).toContain(`there is a event ${source.name}.later already`);
      if (server === "mysql") expect(ended.text).toContain(`there is a library ${source.name}.sums already`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("replaces what is there with --drop, whatever became of it", async () => {
      await source.connection.query("DELETE FROM child");
      await source.connection.query("DROP VIEW z_view");
      await source.connection.query("ALTER TABLE parent ADD COLUMN more INT");
      const ended = await restore({ isDropping: true });
      expect(ended.ending, ended.text).toBe("well");
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("asks nobody and drops nothing in a dry run", async () => {
      const ended = await restore({ isDropping: true, isDryRun: true });
      expect(ended.ending, ended.text).toBe("well");
      expect(ended.text).toContain(`${source.name}.parent`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("goes under another name beside it, with views and foreign keys that mean the copy", async () => {
      await drop(again);
      const ended = await restore({ renames: [`${source.name}=${again}`] });
      expect(ended.ending, ended.text).toBe("well");
      expect(await contentOf(source.connection, again)).toEqual(before);
      await source.connection.query(`DELETE FROM \`${again}\`.parent`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("gives what the globs name and nothing else", async () => {
      await drop(again);
      const ended = await restore({
        renames: [`${source.name}=${again}`],
        include: [`${source.name}.p*`],
        exclude: ["*.pairs"],
      });
      expect(ended.ending, ended.text).toBe("well");
      const names = [...(await contentOf(source.connection, again)).keys()].filter(
        (k) => !k.startsWith("rows"),
      );
      expect(names).toEqual(["TABLE parent", "triggers in order", "database"]);
    });

    test("says whose definer a user may not keep, and ends with 4", async () => {
      await drop(again);
      const user = ownName("r").slice(-30);
      await source.connection.query(`CREATE USER \`${user}\`@'%' IDENTIFIED BY 'p_w1'`);
      try {
        await source.connection.query(`GRANT SELECT, CREATE ON \`${again}\`.* TO \`${user}\`@'%'`);
        const early = await restoredToMysql(archive, asUser(urlOf(server), user, "p_w1"), {
          renames: [`${source.name}=${again}`],
        });
        expect(early.ending, early.text).toBe("mysql-restore-refused");
        expect(early.text).toContain(`the user lacks INSERT, DELETE, INDEX on ${again}`);
        const [databases] = await source.connection.query(`SHOW DATABASES LIKE '${again}'`);
        expect(databases).toEqual([]);
        await source.connection.query(`GRANT ALL ON \`${again}\`.* TO \`${user}\`@'%'`);
        if (server === "mysql") await source.connection.query(`GRANT SYSTEM_USER ON *.* TO \`${user}\`@'%'`);
        await source.connection.query("SET GLOBAL log_bin_trust_function_creators = 1");
        const ended = await restoredToMysql(archive, asUser(urlOf(server), user, "p_w1"), {
          renames: [`${source.name}=${again}`],
        });
        expect(ended.text).toContain(`The view ${again}.z_view is the user's of this restore now`);
        expect(ended.text).toContain("`root`@`localhost`");
        expect(ended.ending, ended.text).toBe("unequal");
      } finally {
        await source.connection.query(`DROP USER \`${user}\`@'%'`);
      }
    });
  });
}
