import { createHash } from "node:crypto";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { benchMessages } from "../../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import {
  asUser,
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { eventsOf, mustEndWell } from "@firebreak/testing/command-line/firebreak";

const ROW_COUNT = 20_000;

interface Target {
  readonly databases: readonly Record<string, unknown>[];
  readonly tables: readonly Record<string, unknown>[];
}

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`status of a target${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let archive: string;
  beforeAll(async () => {
    place = await folder();
    archive = await makeArchive(place.path, {
      database: ownName("statused"),
      collections: { messages: benchMessages({ seed: 6, count: ROW_COUNT }), places: [{ _id: 1 }] },
      options: { partMib: 1 },
    });
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    describe.skipIf(isLacking)(`on ${server}${why}`, () => {
      let database: SqlDatabase;
      beforeEach(async () => {
        database = await sqlDatabase(server, ownName("statused"));
        return () => database[Symbol.asyncDispose]();
      });

      async function statusOf(mysqlUrl = database.url): Promise<{ target: Target; stderr: string }> {
        const ended = await mustEndWell(["status", "--archive", archive, "--json"], { mysqlUrl });
        const [status] = eventsOf(ended);
        return { target: status?.["target"] as Target, stderr: ended.stderr };
      }

      /** Takes parts out again, and gives the others times of their own: one every two seconds. */
      async function unload(parts: number): Promise<void> {
        await database.connection.query(
          `DELETE FROM firebreak_ledger WHERE table_name = 'messages' ORDER BY part DESC LIMIT ${parts}`,
        );
        await database.connection.query("UPDATE firebreak_ledger SET loaded_at = '2026-01-01 10:00:02'");
        await database.connection.query("SET @n = 0");
        await database.connection.query(
          "UPDATE firebreak_ledger SET loaded_at = '2026-01-01 10:00:00' + INTERVAL (@n := @n + 2) SECOND WHERE table_name = 'messages' ORDER BY part",
        );
      }

      test("that is empty: nothing is in, all is left", async () => {
        const { target, stderr } = await statusOf();
        expect(target).toMatchObject({ rows: ROW_COUNT + 1, loaded: 0, left: ROW_COUNT + 1 });
        expect(stderr).toContain(`0 of ${(ROW_COUNT + 1).toLocaleString("en-US")} rows are in`);
        expect(await database.tables()).toEqual([]);
      });

      test("that has all", async () => {
        await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
        const { target, stderr } = await statusOf();
        expect(target).toMatchObject({ loaded: ROW_COUNT + 1, left: 0 });
        expect(stderr).toContain("All parts are in");
        const { stdout } = await mustEndWell(["status", "--archive", archive, "--json"], {
          mysqlUrl: database.url,
        });
        expect(stdout).toContain(`{"table":"messages","rows":${ROW_COUNT},"loaded":${ROW_COUNT}`);
      });

      test("that has some: rows and parts in and left, times, the speed and what it makes of the rest", async () => {
        await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
        await unload(3);
        const { target, stderr } = await statusOf();
        const messages = target.tables.find((t) => t["table"] === "messages")!;
        const loaded = Number(
          await database.value("SELECT SUM(row_count) FROM firebreak_ledger WHERE table_name = 'messages'"),
        );
        const afterFirst =
          loaded -
          Number(
            await database.value(
              "SELECT row_count FROM firebreak_ledger WHERE table_name = 'messages' ORDER BY loaded_at LIMIT 1",
            ),
          );
        const loadedParts = Number(messages["loadedParts"]);
        expect(messages).toMatchObject({
          rows: ROW_COUNT,
          loaded,
          left: ROW_COUNT - loaded,
          leftParts: 3,
          quarantined: 0,
          firstLoadedAt: "2026-01-01T10:00:02.000Z",
          lastLoadedAt: new Date(Date.UTC(2026, 0, 1, 10, 0, 2 * loadedParts)).toISOString(),
          rowsPerSecond: afterFirst / (2 * (loadedParts - 1)),
        });
        expect(stderr).toMatch(/rows are in, .* are left at .* rows\/s over the last minutes: about .* left/);
      });

      test("that another run is loading into: says so, and by which connection", async () => {
        const lock = `firebreak:${createHash("sha256").update(database.name).digest("hex").slice(0, 40)}`;
        expect((await statusOf()).target.databases).toEqual([
          { database: database.name, repairs: 0, foreignParts: 0 },
        ]);
        await database.connection.query(`SELECT GET_LOCK('${lock}', 0)`);
        const connection = await database.value("SELECT CONNECTION_ID()");
        const { target, stderr } = await statusOf();
        expect(target.databases).toMatchObject([{ database: database.name, loadConnection: connection }]);
        expect(stderr).toContain(`a load is at work, on connection ${connection}`);
      });

      test("that holds another archive's rows does not count them", async () => {
        await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
        await database.connection.query(
          "UPDATE firebreak_ledger SET plain_sha256 = REPEAT('0', 64) WHERE table_name = 'places'",
        );
        const { target, stderr } = await statusOf();
        expect(target).toMatchObject({ left: 1, databases: [{ foreignParts: 1 }] });
        expect(stderr).toContain("1 part of another archive");
      });

      test("needs no more than SELECT", async () => {
        await mustEndWell(["load", "--archive", archive], { mysqlUrl: database.url });
        const user = `f_looker_${process.pid}`;
        await database.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY 'right'`);
        try {
          await database.connection.query(`GRANT SELECT ON \`${database.name}\`.* TO '${user}'@'%'`);
          const { target } = await statusOf(asUser(database.url, user, "right"));
          expect(target).toMatchObject({ left: 0 });
        } finally {
          await database.connection.query(`DROP USER '${user}'@'%'`);
        }
      });
    });
  }
});
