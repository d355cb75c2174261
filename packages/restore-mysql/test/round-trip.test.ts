import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  urlOf,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { makeEverything } from "../../testing/tables/every-object.ts";
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
    const restore = (...args: string[]) =>
      firebreak(["restore", "--archive", archive, ...args], { mysqlUrl: urlOf(server) });
    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("all"));
      await makeEverything(source.connection, server, source.name);
      before = await contentOf(source.connection, source.name);
      work = await folder();
      archive = join(work.path, "archive");
      await mustEndWell(["export", "--source", "mysql", "--archive", archive], { mysqlUrl: source.url });
    });
    afterAll(async () => {
      await drop(again);
      await work[Symbol.asyncDispose]();
      await source[Symbol.asyncDispose]();
    });

    test("gives the same database where there was none: rows, tables, views, routines, triggers, events", async () => {
      await drop(source.name);
      const ended = await restore("--json");
      expect(ended.exitCode, ended.output).toBe(0);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
      const { namespaces } = eventsOf(ended).at(-1) as { namespaces: { namespace: string }[] };
      expect(namespaces.map((n) => n.namespace)).toContain(`${source.name}.a_view`);
    });

    test("is refused where all of it is there, and changes nothing", async () => {
      const ended = await restore();
      expect(ended.exitCode, ended.output).toBe(6);
      // What is alike of many is told once, with all their names.
      expect(ended.output).toContain(`there is a table ${source.name}.`);
      expect(ended.output).toContain(`${source.name}.parent`);
      expect(ended.output).toContain(`there is a view ${source.name}.a_view already`);
      expect(ended.output).toContain(`there is a procedure ${source.name}.count_all already`);
      expect(ended.output).toContain(`there is a event ${source.name}.later already`);
      if (server === "mysql")
        expect(ended.output).toContain(`there is a library ${source.name}.sums already`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("replaces what is there with --drop, whatever became of it", async () => {
      await source.connection.query("DELETE FROM child");
      await source.connection.query("DROP VIEW z_view");
      await source.connection.query("ALTER TABLE parent ADD COLUMN more INT");
      const ended = await restore("--drop", "--yes");
      expect(ended.exitCode, ended.output).toBe(0);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("asks nobody and drops nothing in a dry run", async () => {
      const ended = await restore("--drop", "--dry-run");
      expect(ended.exitCode, ended.output).toBe(0);
      expect(ended.output).toContain(`${source.name}.parent`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("goes under another name beside it, with views and foreign keys that mean the copy", async () => {
      await drop(again);
      const ended = await restore("--rename", `${source.name}=${again}`);
      expect(ended.exitCode, ended.output).toBe(0);
      expect(await contentOf(source.connection, again)).toEqual(before);
      await source.connection.query(`DELETE FROM \`${again}\`.parent`);
      expect(await contentOf(source.connection, source.name)).toEqual(before);
    });

    test("gives what the globs name and nothing else", async () => {
      await drop(again);
      const ended = await restore(
        "--rename",
        `${source.name}=${again}`,
        "--include",
        `${source.name}.p*`,
        "--exclude",
        "*.pairs",
      );
      expect(ended.exitCode, ended.output).toBe(0);
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
        const early = await firebreak(
          ["restore", "--archive", archive, "--rename", `${source.name}=${again}`],
          { mysqlUrl: asUser(urlOf(server), user, "p_w1") },
        );
        expect(early.exitCode, early.output).toBe(6);
        expect(early.output).toContain(`the user lacks INSERT, DELETE, INDEX on ${again}`);
        const [databases] = await source.connection.query(`SHOW DATABASES LIKE '${again}'`);
        expect(databases).toEqual([]);
        await source.connection.query(`GRANT ALL ON \`${again}\`.* TO \`${user}\`@'%'`);
        if (server === "mysql") await source.connection.query(`GRANT SYSTEM_USER ON *.* TO \`${user}\`@'%'`);
        await source.connection.query("SET GLOBAL log_bin_trust_function_creators = 1");
        const ended = await firebreak(
          ["restore", "--archive", archive, "--rename", `${source.name}=${again}`],
          { mysqlUrl: asUser(urlOf(server), user, "p_w1") },
        );
        expect(ended.output).toContain(`The view ${again}.z_view is the user's of this restore now`);
        expect(ended.output).toContain("`root`@`localhost`");
        expect(ended.exitCode, ended.output).toBe(4);
      } finally {
        await source.connection.query(`DROP USER \`${user}\`@'%'`);
      }
    });
  });
}
