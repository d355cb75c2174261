import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { MysqlSession, mysqlTarget } from "../../../src/index.ts";
import { startMariadb } from "../../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../../scripts/servers/mysqld.ts";
import type { Server } from "../../../../../scripts/servers/server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabaseAt, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { loaded } from "@firebreak/testing/recipes/loaded";
import { checked } from "@firebreak/testing/recipes/checked";
import { until } from "@firebreak/testing/servers/until";
import { findingsOf, items, manifestOf, notesOf } from "./items.ts";

const starters = { mysql: startMysql, mariadb: startMariadb };

/** What turns InnoDB off as a target. */
const withoutInnodb = {
  mysql: ["--disabled-storage-engines=InnoDB"],
  mariadb: ["--innodb=OFF", "--default-storage-engine=Aria"],
};

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a ${server} that was made or started in a special way${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let running: Server | undefined;
    let dir: string;
    beforeAll(async () => {
      place = await folder();
      dir = join(place.path, "server");
    });
    afterAll(async () => {
      await running?.kill();
      await place[Symbol.asyncDispose]();
    });

    /** The next server on the same data, or on new data for `initialiseArgs`. */
    async function serverWith(
      extraArgs: readonly string[],
      initialiseArgs?: readonly string[],
    ): Promise<string> {
      await running?.stop();
      running = undefined;
      if (initialiseArgs !== undefined) await rm(dir, { recursive: true, force: true });
      running = await starters[server]({
        dir,
        bufferPoolMib: 64,
        redoLogMib: 64,
        extraArgs,
        ...(initialiseArgs === undefined ? {} : { initialiseArgs }),
      });
      return running.url;
    }

    async function within<R>(url: string, work: (session: MysqlSession) => Promise<R>): Promise<R> {
      const session = await MysqlSession.open(mysqlTarget(url));
      try {
        return await work(session);
      } finally {
        await session.close();
      }
    }

    test("with small pages is refused what does not fit them, and loads what does", async () => {
      const small = ["--innodb-page-size=4k"];
      const url = await serverWith(small, small);
      await using database = await sqlDatabaseAt(url, ownName("pages"));
      const long = items({
        columns: [
          { name: "_id", sqlType: "varchar(300)", form: "text" },
          ...Array.from({ length: 40 }, (_, i) => ({
            name: `c${i}`,
            sqlType: "varchar(60)",
            form: "text" as const,
          })),
          { name: "long", sqlType: "varchar(400)", form: "text" },
        ],
        indexes: [
          { name: "by_long", statement: "CREATE INDEX `by_long` ON `items` (`c1`, `long`)" },
          { name: "by_its_beginning", statement: "CREATE INDEX `by_its_beginning` ON `items` (`long`(191))" },
        ],
      });
      await within(database.url, async (session) => {
        const pageBytes = 4096;
        const keyLimit = server === "mysql" ? 768 : 1173;
        expect(await findingsOf(session, manifestOf(long))).toMatchObject([
          { what: "page-small", index: "PRIMARY", needed: 1200, limit: keyLimit, pageBytes },
          { what: "page-small", index: "by_long", needed: 1600, limit: keyLimit, pageBytes },
          { what: "page-small", index: undefined, limit: 1982, pageBytes },
        ]);
        expect(await findingsOf(session, manifestOf(items()))).toEqual([]);
        // The limits are the server's own.
        const keyed = (bytes: number): string =>
          `CREATE TABLE keyed_${bytes} (k VARBINARY(${bytes}) PRIMARY KEY) ENGINE=InnoDB ROW_FORMAT=DYNAMIC`;
        await session.run(keyed(keyLimit));
        await expect(session.run(keyed(keyLimit + 1))).rejects.toThrow(/too long/);
        await session.run(`DROP TABLE keyed_${keyLimit}`);
      });
      const archive = await makeArchive(await newFolder("pages"), {
        database: ownName("pages"),
        collections: {
          small: [{ _id: "a", text: "x" }],
          large: [{ _id: "k".repeat(400) }],
        },
      });
      const { ending, text } = await loaded(archive, database.url);
      expect({ ending, text }).toMatchObject({
        ending: "load-refused",
        text: expect.stringMatching(/table large needs up to [\d,]+ bytes for its index PRIMARY/) as string,
      });
      expect(await database.tables()).toEqual([]);
    });

    async function newFolder(name: string): Promise<string> {
      const path = join(place.path, name);
      await mkdir(path);
      return path;
    }

    test("with names of tables in small letters is loaded, twice too, unless two names become one", async () => {
      const lower = ["--lower-case-table-names=1"];
      const url = await serverWith(lower, lower);
      await using database = await sqlDatabaseAt(url, ownName("lower"));
      const archive = await makeArchive(await newFolder("lower"), {
        database: ownName("lower"),
        collections: { PeopleOfParis: [{ _id: 1 }] },
      });
      for (let time = 0; time < 2; time++) {
        await well(loaded(archive, database.url));
        await well(checked(archive, database.url));
      }
      const manifest = manifestOf(items({ table: "Items", namespace: "a.Items" }), items());
      await within(database.url, async (session) => {
        expect(await findingsOf(session, manifest)).toEqual([
          { what: "tables-collide", table: "Items", namespaces: ["a.Items", "shop.items"] },
        ]);
      });
    });

    test("with a binary log is loaded, and it is said how much will be written to it", async () => {
      const url = await serverWith(["--log-bin=binlog", "--server-id=7"], []);
      await using database = await sqlDatabaseAt(url, ownName("binlog"));
      const part = { plainBytes: 2 ** 30, lineCount: 1, file: "a", plainSha256: "" };
      await within(database.url, async (session) => {
        expect(await notesOf(session, manifestOf(items({ parts: [part as never] })))).toContainEqual({
          code: "load-binlog",
          fields: { bytes: 2 ** 30, keptSeconds: server === "mysql" ? 2_592_000 : 0 },
        });
        expect(await notesOf(session, manifestOf(items()))).toEqual([]);
      });
    });

    const reader = server === "mysql" ? process.env["FIREBREAK_TEST_MYSQL_BIN"] : undefined;
    test.skipIf(reader === undefined)(
      `whose log somebody follows is loaded, and that is said${reader === undefined ? " (skipped: no mysqlbinlog)" : ""}`,
      async () => {
        const { hostname, port } = new URL(running!.url);
        // To the server it is a replica.
        const follower = execa(
          join(reader!, "mysqlbinlog"),
          [
            "--read-from-remote-server",
            "--stop-never",
            "--raw",
            `--result-file=${place.path}/copy-`,
            `--host=${hostname}`,
            `--port=${port}`,
            "--user=root",
            "binlog.000001",
          ],
          { reject: false },
        );
        try {
          await within(running!.url, async (session) => {
            const followed = manifestOf(items({ database: "mysql" }));
            await until("the follower to be seen", async () =>
              (await notesOf(session, followed)).some(
                (n) => n.code === "load-replicas" && n.fields.count === 1,
              ),
            );
          });
        } finally {
          follower.kill("SIGKILL");
          await follower;
        }
      },
    );

    test("that is being salvaged is not written to", async () => {
      const url = await serverWith(["--innodb-force-recovery=1"]);
      await within(url, async (session) => {
        expect(await findingsOf(session, manifestOf(items({ database: "test" })))).toContainEqual({
          what: "force-recovery",
          level: 1,
        });
      });
    });

    test("whose InnoDB only reads is not written to", async () => {
      const url = await serverWith(["--innodb-read-only=ON"]);
      await within(url, async (session) => {
        expect(await findingsOf(session, manifestOf(items({ database: "test" })))).toContainEqual({
          what: "read-only",
          settings: expect.arrayContaining(["innodb_read_only"]) as string[],
        });
      });
    });

    test("without InnoDB is not written to", async () => {
      const url = await serverWith(withoutInnodb[server]);
      await within(url, async (session) => {
        expect(await findingsOf(session, manifestOf(items({ database: "mysql" })))).toContainEqual({
          what: "engine-missing",
        });
      });
    });
  });
}
