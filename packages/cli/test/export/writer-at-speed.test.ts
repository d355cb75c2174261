import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSourceManifest } from "@firebreak/archive";
import { folder } from "@firebreak/testing/archives/folder";
import {
  journeyServers,
  lacking,
  mongodbDatabase,
  ownName,
  SQL_SERVERS,
  sqlDatabase,
  urlOf,
} from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { chainState, plainState, stateOf } from "@firebreak/testing/deltas/chain-state";
import { HurriedWriter, UNFINISHED } from "./hurried-writer.ts";
import { faultsOfTables } from "./loaded-rows.ts";

/** `pnpm soak` asks for more. */
const RUN_COUNT = Number(process.env["FIREBREAK_DELTA_RUNS"] ?? 3);
/** Runs whose links are loaded too; the others compare files alone, for the tests are to end within minutes. */
const LOADED_RUNS = process.env["FIREBREAK_ALL_SERVERS"] === undefined ? 1 : RUN_COUNT;

const KINDS = [
  { server: "mongodb", how: "a replica set", consistency: "snapshot", targets: SQL_SERVERS },
  {
    server: "standalone",
    how: "a standalone, by comparison,",
    consistency: "document",
    targets: journeyServers("mariadb"),
  },
] as const;

/** Each test starts several processes, one after the other, on a machine that may be busy. */
const TIMEOUT_MS = 300_000;
const RUNS = KINDS.flatMap((kind) => Array.from({ length: RUN_COUNT }, (_, run) => ({ ...kind, run })));

for (const { server, how, consistency, targets, run } of RUNS) {
  const isLoaded = run < LOADED_RUNS;
  const { isLacking, why } = lacking(server);
  const title = `deltas of ${how} that is written to at full speed, run ${run}${why}`;
  describe.skipIf(isLacking)(title, { timeout: TIMEOUT_MS }, () => {
    let source: Awaited<ReturnType<typeof mongodbDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;
    let links: readonly string[];
    beforeAll(async () => {
      source = await mongodbDatabase(ownName(`speed${run}`), server);
      place = await folder();
      links = ["full", "1", "2", "3", "last"].map((name) => join(place.path, name));
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test("are, after a full export and one more behind the last write, the source exactly", async () => {
      const writer = new HurriedWriter(source.db, run + 1, { fitsTables: isLoaded });
      for (const [i, archive] of links.entries()) {
        if (i === links.length - 1) expect(await writer.stop()).toBeGreaterThan(1000);
        const options = i === 0 ? ["--exclude", `*.${UNFINISHED}`] : ["--delta-from", links[i - 1]!];
        const { exitCode, output } = await firebreak(["export", "--archive", archive, ...options], {
          mongodbUrl: source.url,
          isApart: true,
        });
        // A collection that is dropped while a standalone's is read is not whole in the full archive.
        expect(i === 0 && consistency === "document" ? [0, 3] : [0], output).toContain(exitCode);
      }
      await source.db.dropCollection(UNFINISHED).catch(() => undefined);
      const last = links.at(-1)!;
      expect(plainState(await chainState(last))).toEqual(plainState(await stateOf(source.db)));
      expect((await readSourceManifest(last)).manifest.consistency).toBe(consistency);
    });

    if (!isLoaded) return;

    for (const sqlServer of targets) {
      const target = lacking(sqlServer);
      test.skipIf(target.isLacking)(`are it in ${sqlServer}, loaded one by one${target.why}`, async () => {
        await using loaded = await sqlDatabase(sqlServer, source.db.databaseName);
        const work = ["--work", join(place.path, `work-${sqlServer}`), "--yes"];
        for (const archive of links)
          await mustEndWell(["load", "--archive", archive, ...work], { mysqlUrl: loaded.url });
        const tables = (await loaded.tables()).filter((table) => table !== "firebreak_ledger");
        expect(tables.length).toBeGreaterThan(1);
        expect(await faultsOfTables(source.db, loaded.url, tables)).toEqual([]);
      });
    }

    const target = lacking("mongodb");
    test.skipIf(target.isLacking)(`are it in MongoDB, restored as one archive${target.why}`, async () => {
      await using restored = await mongodbDatabase(ownName("speed_again"));
      const whole = join(place.path, "whole");
      await mustEndWell(["compact", "--archive", links.at(-1)!, "--out", whole]);
      const [from, to] = [source.db.databaseName, restored.db.databaseName];
      const args = ["restore", "--archive", whole, "--rename", `${from}=${to}`];
      await mustEndWell(args, { mongodbUrl: urlOf("mongodb") });
      const state = [...(await stateOf(restored.db))].map(
        ([name, of]) => [name.replace(to, from), of] as const,
      );
      expect(plainState(new Map(state))).toEqual(plainState(await stateOf(source.db)));
    });
  });
}
