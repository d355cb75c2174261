import { createHash } from "node:crypto";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import { cuttingProxy } from "@firebreak/testing/servers/cutting-proxy";
import {
  lacking,
  ownName,
  sqlDatabase,
  journeyServers,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const ROW_COUNT = 40_000;
const CUTS = 20;

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a load over a network that cuts connections${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("shakyload"),
      collections: { messages: benchMessages({ seed: 7, count: ROW_COUNT }) },
      options: { partMib: 1 },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of journeyServers("mariadb")) {
    const ofServer = lacking(server);
    describe.skipIf(ofServer.isLacking)(`on ${server}${ofServer.why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("shakyload"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      const load = (url = database.url): ReturnType<typeof firebreak> =>
        firebreak(["load", "--archive", archive], { mysqlUrl: url });

      async function lockHolder(): Promise<string> {
        const name = `firebreak:${createHash("sha256").update(database.name).digest("hex").slice(0, 40)}`;
        return database.value(`SELECT CAST(IS_USED_LOCK('${name}') AS CHAR)`);
      }

      test(`cut ${CUTS} times in the middle of parts, has every row exactly once`, async () => {
        const url = new URL(database.url);
        await using proxy = await cuttingProxy(Number(url.port));
        url.port = String(proxy.port);
        let cuts = 0;
        for (let run = 1; cuts < CUTS; run++) {
          // Past the first statements of a session, and before its end: a part has a million bytes.
          proxy.limitBytes = 50_000 + run * 90_000;
          const before = proxy.cutCount;
          const { exitCode, output } = await load(url.href);
          cuts += proxy.cutCount - before;
          if (proxy.cutCount === before) continue;
          expect(exitCode, output).toBe(7);
          expect(output).toContain(database.name);
          expect(output).toContain("Run the same command again");
        }
        const last = await load();
        expect(last.exitCode, last.output).toBe(0);
        expect(await database.value("SELECT COUNT(*) FROM messages")).toBe(String(ROW_COUNT));
        const parts = (await mysqlTablesOf(archive)).flatMap((table) => table.parts);
        expect(await database.value("SELECT COUNT(*) FROM firebreak_ledger WHERE table_name <> ''")).toBe(
          String(parts.length),
        );
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
      });

      test("stops when the connection that holds its lock is gone, and goes on when it is run again", async () => {
        await database.connection.query("DROP TABLE IF EXISTS messages, firebreak_ledger");
        const run = start(["load", "--archive", archive], { mysqlUrl: database.url });
        await until("a part in the ledger", async () => {
          return Number(await database.value("SELECT COUNT(*) FROM firebreak_ledger").catch(() => 0)) > 0;
        });
        await database.connection.query(`KILL ${await lockHolder()}`);
        const { exitCode, stderr } = await run;
        expect(exitCode, stderr).toBe(7);
        expect(stderr).toContain("lock");
        expect(await load()).toMatchObject({ exitCode: 0 });
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
      });

      test("names the table that vanishes meanwhile, and does not advise to run it again", async () => {
        await database.connection.query("DROP TABLE IF EXISTS messages, firebreak_ledger");
        const run = start(["load", "--archive", archive], { mysqlUrl: database.url });
        await until("a part in the ledger", async () => {
          return Number(await database.value("SELECT COUNT(*) FROM firebreak_ledger").catch(() => 0)) > 0;
        });
        await database.connection.query("DROP TABLE messages");
        const { exitCode, stderr } = await run;
        expect(exitCode, stderr).toBe(7);
        expect(stderr).toContain(`at ${database.name}.messages: `);
        expect(stderr).toContain("doesn't exist");
        expect(stderr).toContain("LOAD DATA LOCAL INFILE");
        expect(stderr).not.toMatch(/run the same command again/i);
      });

      test("is refused while another run is at work on the same database, and writes nothing", async () => {
        await database.connection.query("DROP TABLE IF EXISTS messages, firebreak_ledger");
        const other = await createConnection({ uri: database.url });
        try {
          const name = `firebreak:${createHash("sha256").update(database.name).digest("hex").slice(0, 40)}`;
          await other.query("SELECT GET_LOCK(?, 0)", [name]);
          const { exitCode, stderr } = await load();
          expect(exitCode).toBe(6);
          expect(stderr).toContain(`KILL ${await lockHolder()}`);
          expect(await database.tables()).toEqual([]);
        } finally {
          await other.end();
        }
        expect(await load()).toMatchObject({ exitCode: 0 });
      });

      test("waits for rows that somebody else has locked for a moment", async () => {
        // Tables that are there and empty, so that there is something to lock.
        expect(await load()).toMatchObject({ exitCode: 0 });
        await database.connection.query("TRUNCATE TABLE messages");
        await database.connection.query("TRUNCATE TABLE firebreak_ledger");
        const other = await createConnection({ uri: database.url });
        try {
          await other.query("START TRANSACTION");
          await other.query("SELECT * FROM messages FOR UPDATE");
          await other.query("SELECT * FROM firebreak_ledger FOR UPDATE");
          const run = start(["load", "--archive", archive], { mysqlUrl: database.url });
          await until("a session that waits", async () => {
            const tables = server === "mysql" ? "performance_schema" : "information_schema";
            const waiting = await database.value(
              `SELECT variable_value FROM ${tables}.global_status WHERE variable_name = 'Innodb_row_lock_current_waits'`,
            );
            return Number(waiting) > 0;
          });
          await other.query("ROLLBACK");
          expect((await run).exitCode).toBe(0);
        } finally {
          await other.end();
        }
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
      });
    });
  }
});
