import { join } from "node:path";
import { execa } from "execa";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages } from "../../../../fixtures/src/index.ts";
import { findMariadb } from "../../../../scripts/servers/find-mariadb.ts";
import { findMysql } from "../../../../scripts/servers/find-mysql.ts";
import { startMariadb } from "../../../../scripts/servers/mariadbd.ts";
import { startMysql } from "../../../../scripts/servers/mysqld.ts";
import { createRunFolder, type RunFolder } from "../../../../scripts/servers/run-folder.ts";
import type { Server } from "../../../../scripts/servers/server.ts";
import { runSqlServer } from "../../../../scripts/servers/sql-server.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { well } from "@firebreak/testing/recipes/outcome";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { checked } from "@firebreak/testing/recipes/checked";
import { loaded } from "@firebreak/testing/recipes/loaded";

const ROW_COUNT = 60_000;

/** The server's data on a disk of its own, so small that the rows do not fit. */
const SMALL_DISK = `mkdir -p "$0/disk" && mount -t tmpfs -o size="$1" none "$0/disk" && cp -a "$0/data/." "$0/disk/" &&
mount --bind "$0/disk" "$0/data" && shift && exec "$@"`;
const isRoot = process.getuid?.() === 0;
const ownMounts = isRoot ? ["unshare", "-m"] : ["unshare", "-rm"];
const [unshare, ...mounts] = ownMounts;
const canMount =
  (await execa(unshare!, [...mounts, "mount", "-t", "tmpfs", "none", "/mnt"], { reject: false })).exitCode ===
  0;

const SERVERS = {
  mysql: {
    initialise: (dir: string) => startMysql({ dir, redoLogMib: 16 }),
    find: findMysql,
    kindArgs: ["--mysqlx=OFF", "--secure-file-priv=NULL", "--innodb-redo-log-capacity=16M", "--skip-log-bin"],
  },
  mariadb: {
    initialise: (dir: string) => startMariadb({ dir, redoLogMib: 16 }),
    find: findMariadb,
    kindArgs: ["--innodb-log-file-size=16M"],
  },
} as const;

for (const kind of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", kind);
  const whyNot = canMount ? why : " (skipped: unshare and mount are not permitted here)";
  describe.skipIf(isLacking || !canMount)(`a load into a ${kind} whose disk is full${whyNot}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let run: RunFolder;
    let server: Server;
    let archive: string;
    beforeAll(async () => {
      place = await folder();
      archive = await makeArchive(place.path, {
        database: ownName("fulldisk"),
        collections: { messages: benchMessages({ seed: 11, count: ROW_COUNT }) },
        options: { partMib: 1 },
      });
      run = await createRunFolder();
      const dir = join(run.path, kind);
      const { initialise, find, kindArgs } = SERVERS[kind];
      await (await initialise(dir)).stop();
      const used = Number((await execa("du", ["-sk", join(dir, "data")])).stdout.split("\t")[0]);
      const installation = await find();
      const wrapped = ["sh", "-c", SMALL_DISK, dir, `${used + 24 * 1024}k`];
      const serverCommand = [...ownMounts, ...wrapped, ...installation.serverCommand];
      server = await runSqlServer({
        title: kind,
        installation: { ...installation, serverCommand },
        options: { dir },
        logName: "small-disk.log",
        kindArgs,
      });
    });
    afterAll(async () => {
      await server?.stop();
      await run?.remove();
      await place[Symbol.asyncDispose]();
    });

    test("ends with 7 and a sentence, and has every row exactly once when there is room again", async () => {
      const name = ownName("fulldisk");
      const connection = await createConnection({ uri: server.url });
      await connection.query(`CREATE DATABASE \`${name}\` CHARACTER SET utf8mb4`);
      await connection.end();
      const url = `${server.url}/${name}`;
      const full = await loaded(archive, url);
      expect(full.ending, full.text).toBe("mysql-disk-full");
      expect(full.text).toContain("full");
      const inside = [
        "-t",
        String(server.pid),
        ...(isRoot ? ["-m"] : ["-U", "-m", "--preserve-credentials"]),
      ];
      await execa("nsenter", [...inside, "mount", "-o", "remount,size=2g", server.dataDir]);
      const again = await loaded(archive, url);
      expect(again.ending, again.text).toBe("well");
      await well(checked(archive, url));
    });
  });
}
