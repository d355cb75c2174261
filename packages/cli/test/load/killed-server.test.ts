import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { benchMessages } from "../../../../fixtures/src/index.ts";
import { startServers, type Servers } from "../../../../scripts/servers/servers.ts";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { mysqlTablesOf } from "@firebreak/testing/archives/manifest-entries";
import { lacking, ownName, sqlDatabaseAt, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";

const ROW_COUNT = 60_000;

/** Of the server, on each of the two; as many of our own process are in interrupted-load. */
const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 3);
const TIMEOUT_MS = 120_000 + KILLS * 10_000;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a load whose ${server} is killed${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let servers: Servers<"mysql" | "mariadb">;
    let archive: string;
    beforeAll(async () => {
      place = await folder();
      servers = (await startServers([server])) as Servers<"mysql" | "mariadb">;
      archive = await makeArchive(place.path, {
        database: ownName("killedserver"),
        collections: { messages: benchMessages({ seed: 9, count: ROW_COUNT }) },
        options: { partMib: 1 },
      });
    });
    afterAll(async () => {
      await servers.stopAll();
      await place[Symbol.asyncDispose]();
    });

    test(
      `${KILLS} times ends with 7 each time, and has every row exactly once in the end`,
      async () => {
        const own = servers[server];
        const parts = (await mysqlTablesOf(archive)).flatMap((table) => table.parts).length;
        const name = ownName("killed");
        const url = `${own.url}/${name}`;
        // Closed before each kill: what it was made for is the database.
        const first = await sqlDatabaseAt(own.url, name);
        first.connection.on("error", () => undefined);
        for (let kill = 1; kill <= KILLS; kill++) {
          const run = start(["load", "--archive", archive], { mysqlUrl: url });
          await until("some more parts in the ledger", async () => {
            return (await loadedParts(own.url, name)) >= Math.floor(((parts - 1) * kill) / (KILLS + 1));
          });
          await own.kill();
          const { exitCode, stderr } = await run;
          expect(exitCode, stderr).toBe(7);
          await own.restart();
        }
        const last = await firebreak(["load", "--archive", archive], { mysqlUrl: url });
        expect(last.exitCode, last.output).toBe(0);
        expect(await loadedParts(own.url, name)).toBe(parts);
        await mustEndWell(["checksum", "--archive", archive], { mysqlUrl: url });
      },
      TIMEOUT_MS,
    );
  });
}

async function loadedParts(serverUrl: string, database: string): Promise<number> {
  const { createConnection } = await import("mysql2/promise");
  const connection = await createConnection({ uri: `${serverUrl}/${database}` });
  try {
    const [rows] = await connection.query(
      "SELECT COUNT(*) AS n FROM firebreak_ledger WHERE table_name <> ''",
    );
    return (rows as { n: number }[])[0]!.n;
  } catch {
    return 0;
  } finally {
    await connection.end();
  }
}
