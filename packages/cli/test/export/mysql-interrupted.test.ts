import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { startMariadb } from "../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../scripts/servers/mysqld.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { contentOf, namespacesOf } from "@firebreak/testing/archives/manifest-entries";
import { folder } from "@firebreak/testing/archives/folder";
import {
  asUser,
  lacking,
  SQL_SERVERS,
  sqlDatabaseAt,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const ROW_COUNT = 40_000;
/** `pnpm soak` asks for more. */
const KILL_COUNT = Number(process.env["FIREBREAK_KILLS"] ?? 3);
const SETTINGS = ["--source", "mysql", "--part-mib", "0.5", "--jobs", "2"];
const PASSWORD = "not secret at all";

/** Servers of the test's own: on one that others write to, no position stays as it was. */
const starters = {
  mysql: (dir: string): Promise<Server> =>
    startMysql({
      dir,
      bufferPoolMib: 128,
      redoLogMib: 64,
      hasBinaryLog: true,
      extraArgs: ["--gtid-mode=ON", "--enforce-gtid-consistency=ON"],
    }),
  // Its statistics of tables, which it takes again after many writes, are transactions, and those alone tell of writes here.
  mariadb: (dir: string): Promise<Server> =>
    startMariadb({
      dir,
      bufferPoolMib: 128,
      redoLogMib: 64,
      extraArgs: ["--log-bin", "--server-id=7", "--innodb-stats-auto-recalc=0"],
    }),
};

describe.each(SQL_SERVERS)("of %s", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`an export that was cut off${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let running: Server;
    let source: SqlDatabase;
    let whole: unknown;

    beforeAll(async () => {
      place = await folder();
      running = await starters[server](join(place.path, "server"));
      source = await sqlDatabaseAt(running.url, "cut");
      await source.connection.query("CREATE TABLE few (id INT PRIMARY KEY) SELECT 1 AS id");
      await source.connection.query(
        "CREATE TABLE messages (id BIGINT PRIMARY KEY, at DATETIME(3), body VARCHAR(500), bytes VARBINARY(100))",
      );
      for (let from = 0; from < ROW_COUNT; from += 2000) {
        const rows = Array.from(
          { length: 2000 },
          (_, i) =>
            `(${from + i}, '2024-01-01 00:00:00.${i % 1000}', REPEAT('é', ${i % 300}), UNHEX(SHA2(${from + i}, 256)))`,
        );
        await source.connection.query(`INSERT INTO messages VALUES ${rows.join(", ")}`);
      }
      const archive = join(place.path, "whole");
      await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mysqlUrl: source.url });
      whole = await contentOf(archive);
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await running.kill();
      await place[Symbol.asyncDispose]();
    });

    /** Starts an export and waits until so many ranges are finished, counting those of runs before. */
    async function begun(
      archive: string,
      finishedRanges: number,
      url = source.url,
    ): Promise<{ readonly run: ReturnType<typeof start> }> {
      const run = start(["export", "--archive", archive, ...SETTINGS], { mysqlUrl: url });
      await until(`${finishedRanges} finished ranges`, async () => {
        const text = await readFile(join(archive, "export-progress.ndjson"), "utf8").catch(() => "");
        return text.split('"kind":"finished"').length > finishedRanges;
      });
      return { run };
    }

    async function cutOff(archive: string, finishedRanges: number, url?: string): Promise<void> {
      const { run } = await begun(archive, finishedRanges, url);
      run.kill("SIGKILL");
      await run;
      await expect(readFile(join(archive, "manifest.json"))).rejects.toThrow("ENOENT");
    }

    test(`by kill -9, ${KILL_COUNT} times, goes on each time to the parts of one that was not`, async () => {
      const archive = join(place.path, "killed");
      const partCount = (await namespacesOf(join(place.path, "whole"))).flatMap((n) => n.parts).length;
      for (let kill = 0; kill < KILL_COUNT; kill++)
        await cutOff(archive, Math.floor(((kill + Math.random()) * (partCount - 4)) / KILL_COUNT));
      const again = await firebreak(["export", "--archive", archive, ...SETTINGS], { mysqlUrl: source.url });
      expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("Going on") as string });
      expect(again.output).not.toContain("from the beginning");
      expect(await contentOf(archive)).toEqual(whole);
      await mustEndWell(["verify", "--archive", archive]);
    });

    test("names the position in the binary log", async () => {
      const manifest = JSON.parse(await readFile(join(place.path, "whole", "manifest.json"), "utf8")) as {
        consistency: string;
        run: { position: string };
      };
      expect(manifest.consistency).toBe("snapshot");
      expect(manifest.run.position).toMatch(/^\S+\.\d+:\d+, GTID \S+/);
    });

    test("by Ctrl-C ends with 130 and goes on", async () => {
      const archive = join(place.path, "interrupted");
      const { run } = await begun(archive, 2);
      run.kill("SIGINT");
      expect((await run).exitCode).toBe(130);
      const again = await mustEndWell(["export", "--archive", archive, ...SETTINGS], {
        mysqlUrl: source.url,
      });
      expect(again.output).toContain("Going on");
      expect(await contentOf(archive)).toEqual(whole);
    });

    test("by the server's end of its connections ends with 7, and goes on where nothing was written since", async () => {
      const archive = join(place.path, "lost");
      const { run } = await begun(archive, 2);
      await killOthers(source);
      const ended = await run;
      expect(ended.exitCode, ended.stderr).toBe(7);
      expect(ended.stderr).toMatch(/The snapshot of MySQL at \S+ was lost while cut\.\w+ was read/);
      expect(ended.stderr).toContain("Run the same command again");
      const again = await mustEndWell(["export", "--archive", archive, ...SETTINGS], {
        mysqlUrl: source.url,
      });
      expect(again.output).toContain("Going on");
      expect(await contentOf(archive)).toEqual(whole);
    });

    test("begins again, and says so, where a row was written since: all rows are of one moment", async () => {
      const archive = join(place.path, "written");
      await cutOff(archive, 3);
      await source.connection.query("INSERT INTO few VALUES (2)");
      try {
        const again = await mustEndWell(["export", "--archive", archive, ...SETTINGS], {
          mysqlUrl: source.url,
        });
        expect(again.output).toContain("from the beginning");
        const counts = (await namespacesOf(archive)).map((n) => n.documentCount);
        expect(counts).toEqual([2, ROW_COUNT]);
        await mustEndWell(["verify", "--archive", archive]);
      } finally {
        await source.connection.query("DELETE FROM few WHERE id = 2");
      }
    });

    test("begins again, and says so, where the user may see nothing that proves that it has not moved", async () => {
      await source.connection.query(`CREATE USER 'reader'@'%' IDENTIFIED BY '${PASSWORD}'`);
      await source.connection.query("GRANT SELECT, SHOW VIEW, TRIGGER, EVENT ON cut.* TO 'reader'@'%'");
      const url = asUser(source.url, "reader", PASSWORD);
      const archive = join(place.path, "unproved");
      await cutOff(archive, 3, url);
      const again = await mustEndWell(["export", "--archive", archive, ...SETTINGS], { mysqlUrl: url });
      expect(again.output).toContain("from the beginning");
      expect(again.output).toContain("one connection");
      expect(await contentOf(archive)).toEqual(whole);
    });
  });
});

/** Ends all connections to a database but the test's own. */
async function killOthers({ connection, name }: SqlDatabase): Promise<void> {
  const [rows] = await connection.query<RowDataPacket[]>("SHOW FULL PROCESSLIST");
  for (const row of rows)
    if (row["db"] === name && row["Id"] !== connection.threadId)
      await connection.query(`KILL ${Number(row["Id"])}`).catch(() => undefined);
}
