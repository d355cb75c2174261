import { Int32 } from "bson";
import type { Document } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { makeArchive } from "@firebreak/testing/archives/make-archive";
import { lacking, ownName, sqlDatabase, SQL_SERVERS } from "@firebreak/testing/servers/databases";
import { firebreak, mustEndWell, start } from "@firebreak/testing/command-line/firebreak";
import { until } from "@firebreak/testing/servers/until";
import { HandMadeChain, type Cells, type HandMadeChange } from "@firebreak/testing/deltas/hand-made-chain";

const TABLES = ["a", "b", "c", "d", "e"];
const ROWS = 2000;
/** Of each delta. */
const KILLS = Number(process.env["FIREBREAK_KILLS"] ?? 2);
const TIMEOUT_MS = 120_000 + KILLS * 20_000;

const source = lacking("mongodb");
describe.skipIf(source.isLacking)(`a delta that was cut off${source.why}`, () => {
  let place: Awaited<ReturnType<typeof folder>>;
  let chain: HandMadeChain;
  let deltas: string[];
  beforeAll(async () => {
    place = await folder();
    const collections = Object.fromEntries(TABLES.map((name) => [name, documents()]));
    chain = await HandMadeChain.of(
      await makeArchive(place.path, { database: ownName("cutdelta"), collections }),
    );
    deltas = [await chain.delta(changes(1)), await chain.delta(changes(2))];
  });
  afterAll(() => place[Symbol.asyncDispose]());

  for (const server of SQL_SERVERS) {
    const { isLacking, why } = lacking(server);
    test.skipIf(isLacking)(
      `on ${server}, killed ${KILLS} times and run again, is in exactly once${why}`,
      async () => {
        await using database = await sqlDatabase(server, ownName("cutdelta"));
        await mustEndWell(["load", "--archive", chain.full], { mysqlUrl: database.url });
        for (const [i, delta] of deltas.entries()) {
          const args = ["load", "--archive", delta];
          const entries = async (): Promise<number> =>
            Number(
              await database.value(
                `SELECT COUNT(*) FROM firebreak_ledger WHERE part LIKE 'delta/%/${i + 1}' OR part LIKE 'delta/%/${i + 1}/%'`,
              ),
            );
          for (let kill = 1; kill <= KILLS; kill++) {
            const wanted = Math.max(await entries(), Math.floor((12 * (kill - 1 + Math.random())) / KILLS));
            const run = start(args, { mysqlUrl: database.url });
            let hasEnded = false;
            void run.then(() => (hasEnded = true));
            await until(`${wanted} entries, or a statement under way`, async () => {
              const statements = await database.otherStatements();
              const isAtWork = statements.some((sql) => /^(DELETE|LOAD|DROP|CREATE|INSERT)/.test(sql ?? ""));
              return hasEnded || ((await entries()) >= wanted && (kill % 2 === 0 || isAtWork));
            });
            run.kill("SIGKILL");
            await run;
            await until(
              "the sessions of the killed load to end",
              async () => (await database.otherStatements()).length === 0,
            );
          }
          const again = await firebreak(args, { mysqlUrl: database.url });
          expect(again.exitCode, again.output).toBe(0);
          await mustEndWell(["checksum", "--archive", delta], { mysqlUrl: database.url });
        }
        expect(
          await database.value("SELECT COUNT(*) FROM firebreak_ledger WHERE part LIKE 'archive/%'"),
        ).toBe("3");
        expect(await database.value("SELECT SUM(row_count) FROM firebreak_ledger")).toBe(
          String(TABLES.reduce((sum, table) => sum + chain.rows(table).length, 0)),
        );
      },
      TIMEOUT_MS,
    );
  }
});

function* documents(): Generator<Document> {
  for (let n = 1; n <= ROWS; n++) yield { _id: new Int32(n), name: `row ${n} of the full archive` };
}

/** Of all tables, one of them whole. */
function changes(round: number): Record<string, HandMadeChange> {
  const upserts = (from: number, count: number): Cells[] =>
    Array.from({ length: count }, (_, n) => [String(from + n), `row ${from + n} of round ${round}`]);
  const changed: HandMadeChange = {
    upserts: [...upserts(round * 300, 200), ...upserts(ROWS + round * 200, 200)],
    deletes: Array.from({ length: 200 }, (_, n) => [String(round * 300 - 200 + n)]),
    partRows: 150,
  };
  const whole: HandMadeChange = { change: "whole", upserts: upserts(round, 1000), partRows: 200 };
  return Object.fromEntries(TABLES.map((name) => [name, name === TABLES[round] ? whole : changed]));
}
