import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages } from "../../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { eventsOf, firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const ROW_COUNT = 100_000;
const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 3);
const TIMEOUT_MS = 120_000 + KILLS * 10_000;

const { isLacking, why } = lacking("mongodb");
describe.skipIf(isLacking)(`a load that was cut off${why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("cutload"),
      collections: { messages: benchMessages({ seed: 4, count: ROW_COUNT }) },
      options: { partMib: 1 },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const ofServer = lacking(server);
    describe.skipIf(ofServer.isLacking)(`on ${server}${ofServer.why}`, () => {
      let database: SqlDatabase;
      beforeAll(async () => {
        database = await sqlDatabase(server, ownName("cutload"));
      });
      afterAll(() => database[Symbol.asyncDispose]());

      async function loadedParts(): Promise<number> {
        const count = "SELECT COUNT(*) FROM firebreak_ledger WHERE table_name <> ''";
        return Number(await database.value(count).catch(() => 0));
      }

      test(
        `killed ${KILLS} times and run again, has every row exactly once`,
        async () => {
          const allParts = (await mysqlTablesOf(archive)).flatMap((table) => table.parts).length;
          for (let kill = 1; kill <= KILLS; kill++) {
            // Somewhere in this kill's share of the parts, and before the last of them.
            const share = Math.floor(((allParts - 1) * (kill - 1 + Math.random())) / KILLS);
            const wanted = Math.max(await loadedParts(), share);
            const run = start(["load", "--archive", archive], { mysqlUrl: database.url });
            await until(`${wanted} parts in the ledger`, async () => (await loadedParts()) >= wanted);
            run.kill("SIGKILL");
            expect((await run).signal).toBe("SIGKILL");
            // What was under way is rolled back by the server when it misses its client.
            await until(
              "the sessions of the killed load to end",
              async () => (await database.otherStatements()).length === 0,
            );
          }
          const again = await firebreak(["load", "--archive", archive], { mysqlUrl: database.url });
          expect(again).toMatchObject({ exitCode: 0, output: expect.stringContaining("Going on") as string });
          expect(await database.value("SELECT COUNT(*) FROM messages")).toBe(String(ROW_COUNT));
          const parts = (await mysqlTablesOf(archive)).flatMap((table) => table.parts);
          expect(await loadedParts()).toBe(parts.length);
          await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
        },
        TIMEOUT_MS,
      );

      test("and again when all is in: nothing is loaded twice", async () => {
        const before = await database.value("SELECT MAX(loaded_at) FROM firebreak_ledger");
        const ended = await mustEndWell(["load", "--archive", archive, "--json"], { mysqlUrl: database.url });
        expect(eventsOf(ended).at(-1)).toMatchObject({
          ok: true,
          namespaces: [{ tables: [{ table: "messages", rows: ROW_COUNT, loaded: ROW_COUNT }] }],
        });
        expect(await database.value("SELECT MAX(loaded_at) FROM firebreak_ledger")).toBe(before);
        expect(await database.value("SELECT COUNT(*) FROM messages")).toBe(String(ROW_COUNT));
      });
    });
  }

  test.skipIf(lacking("mysql").isLacking)(
    "killed and run again at once, while the server may still be at work for the killed one",
    async () => {
      await using database = await sqlDatabase("mysql", ownName("atonce"));
      const run = start(["load", "--archive", archive], { mysqlUrl: database.url });
      await until("parts in the ledger", async () => {
        return Number(await database.value("SELECT COUNT(*) FROM firebreak_ledger").catch(() => 0)) > 5;
      });
      run.kill("SIGKILL");
      await run;
      const again = await firebreak(["load", "--archive", archive], { mysqlUrl: database.url });
      expect(again).toMatchObject({ exitCode: 0 });
      await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: database.url });
    },
  );
});
