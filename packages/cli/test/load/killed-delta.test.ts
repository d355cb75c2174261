import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { loadArchive } from "@firebreak/load";
import { mysqlLoadTarget } from "@firebreak/mysql/target";
import type { RowDataPacket } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { writeArchive } from "@firebreak/testing/archives/write-archive";
import { folder } from "@firebreak/testing/archives/folder";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { killedAt, mustEndWell } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { told, transformed } from "@firebreak/testing/archives/transformed";
import { writeDelta } from "@firebreak/testing/deltas/write-delta";

const COUNT = 3000;
/** Each in the run after the one before: of what a run has done the next does nothing again. */
const POINTS = [
  "table-altered:1",
  "rows-deleted:1",
  "rows-inserted:1",
  "table-changed:1",
  "table-changed:1",
  "table-dropped:1",
  "table-forgotten:1",
  "tables-finished:1",
];

const id = (n: number): string => `{"$numberInt":"${n}"}`;
const key = (of: string): string => `{"_id":${of}}`;
const line = (of: string, text: string): string => `{"_id":${of},"text":${JSON.stringify(text)}}`;
const numbers = (count: number): number[] => Array.from({ length: count }, (_, n) => n);
const LONG_KEY = "k".repeat(200);
const LONG_TEXT = "é".repeat(300_000);

/** By table what is there in the end. */
const WANTED = {
  fresh: [["1", "fresh"]],
  named: [
    ["a", "first"],
    [LONG_KEY, "long"],
  ],
  things: numbers(COUNT + 100).flatMap((n): [string, string][] => {
    if (n % 7 === 1 && n < COUNT) return [];
    const text = n === 0 ? LONG_TEXT : n % 3 === 0 || n >= COUNT ? "second" : `first ${n}`;
    return [[String(n), text]];
  }),
};

describe.skipIf(SQL_SERVERS.every((server) => lacking(server).isLacking))("a delta", () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let [full, delta] = ["", ""];
  beforeAll(async () => {
    place = await folder();
    [full, delta] = [join(place.path, "full"), join(place.path, "delta")];
    await mkdir(full);
    await writeArchive(full, [
      {
        collection: "things",
        parts: [numbers(COUNT).map((n) => line(id(n), n === 1 ? LONG_TEXT : `first ${n}`))],
      },
      { collection: "named", parts: [[line('"a"', "first"), line('"b"', "first")]] },
      { collection: "fresh", parts: [[line(id(5), "of another collection")]] },
      { collection: "gone", parts: [[line(id(1), "gone")]] },
    ]);
    await transformed(full);
    await writeDelta(delta, full, [
      {
        collection: "things",
        change: "changed",
        upserts: WANTED.things
          .filter(([, text]) => !text.startsWith("first"))
          .map(([n, text]) => line(id(Number(n)), text)),
        deletes: numbers(COUNT)
          .filter((n) => n % 7 === 1)
          .map((n) => key(id(n))),
      },
      {
        collection: "named",
        change: "changed",
        upserts: [line(JSON.stringify(LONG_KEY), "long")],
        deletes: [key('"b"')],
      },
      { collection: "fresh", change: "whole", upserts: [line(id(1), "fresh")] },
      { collection: "gone", change: "dropped" },
    ]);
    await transformed(delta);
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(
      `killed at every step of its load into ${server} is in exactly once${why}`,
      async () => {
        await using database = await sqlDatabase(server, ownName("killeddelta"));
        const base = { archive: full, folder: join(full, "mysql"), jobs: 1 };
        const plain = { work: join(place.path, "work"), maxQuarantine: 0, isReplay: false, isDryRun: false };
        await told(loadArchive(mysqlLoadTarget({ url: database.url }), { ...base, ...plain }));
        const args = ["load", "--archive", delta, "--yes", "--jobs", "1"];
        const settings = { mysqlUrl: database.url };
        for (const point of POINTS) {
          await killedAt(point, args, settings);
          await until(
            "the sessions of the killed load to end",
            async () => (await database.otherStatements()).length === 0,
          );
        }
        await mustEndWell(args, settings);
        expect(await database.tables()).toEqual(["firebreak_ledger", "fresh", "named", "things"]);
        for (const [table, wanted] of Object.entries(WANTED)) {
          const [rows] = await database.connection.query<RowDataPacket[]>(
            `SELECT CAST(_id AS CHAR) AS id, text FROM ${table} ORDER BY _id`,
          );
          const found = rows.map((row) => [row["id"] as string, row["text"] as string]);
          expect(found.length).toBe(wanted.length);
          // Not as one array: what differs would be printed whole.
          expect(found.every(([n, text], i) => n === wanted[i]![0] && text === wanted[i]![1])).toBe(true);
        }
        // The ledger says so too: a run more has nothing to do.
        const [[sum]] = await database.connection.query<RowDataPacket[]>(
          "SELECT CAST(SUM(row_count) AS CHAR) AS rows_in FROM firebreak_ledger",
        );
        expect(sum!["rows_in"]).toBe(String(Object.values(WANTED).flat().length));
        expect((await mustEndWell(args, settings)).output).toContain("Delta 1 is in already");
      },
      600_000,
    );
  }
});
