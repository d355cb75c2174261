import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { EJSON } from "bson";
import { createConnection } from "mysql2/promise";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { folder } from "@firebreak/testing/archives/folder";
import { asUser, lacking, ownName, SQL_SERVERS, sqlDatabase } from "@firebreak/testing/servers/databases";
import { firebreak } from "@firebreak/testing/command-line/firebreak";
import { linesOf } from "@firebreak/testing/archives/read-lines";

const ROW_COUNT = 2000;
const EACH = 100;
const WRITERS = 2;
const PASSWORD = "not secret at all";

const RUNS = Number(process.env["FIREBREAK_SNAPSHOT_RUNS"] ?? 4);

/** What a user may do, and how often the export is tried so: all rows together always have the same sum. */
const users = [
  { may: "RELOAD, PROCESS, SELECT, SHOW VIEW, TRIGGER, EVENT", on: "*.*", runs: RUNS, isAlone: false },
  {
    may: "SELECT, LOCK TABLES, SHOW VIEW, TRIGGER, EVENT",
    on: "database",
    runs: Math.ceil(RUNS / 4),
    isAlone: false,
  },
  { may: "SELECT, SHOW VIEW, TRIGGER, EVENT", on: "database", runs: Math.ceil(RUNS / 4), isAlone: true },
] as const;

describe.each(SQL_SERVERS)("an export of %s", (server) => {
  const { isLacking, why } = lacking(server);

  describe.skipIf(isLacking)(`while money is moved between two tables${why}`, () => {
    let source: Awaited<ReturnType<typeof sqlDatabase>>;
    let place: Awaited<ReturnType<typeof folder>>;

    beforeAll(async () => {
      source = await sqlDatabase(server, ownName("moved"));
      place = await folder();
      for (const table of ["checking", "saving"]) {
        await source.connection.query(
          `CREATE TABLE ${table} (id INT PRIMARY KEY, amount INT NOT NULL, filling VARCHAR(100))`,
        );
        const rows = Array.from({ length: ROW_COUNT }, (_, i) => `(${i}, ${EACH}, REPEAT('f', 100))`);
        await source.connection.query(`INSERT INTO ${table} VALUES ${rows.join(", ")}`);
      }
    });
    afterAll(async () => {
      await source[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    test.each(users)(
      "as a user with $may has all of one moment, in each of $runs runs",
      async ({ may, on, runs, isAlone }) => {
        const user = `${ownName("u")}_${may.length}`;
        await source.connection.query(`CREATE USER '${user}'@'%' IDENTIFIED BY '${PASSWORD}'`);
        const scope = on === "*.*" ? on : `\`${source.name}\`.*`;
        await source.connection.query(`GRANT ${may} ON ${scope} TO '${user}'@'%'`);
        const writers = Array.from({ length: WRITERS }, (_, i) => startWriter(source.url, i));
        try {
          for (let run = 0; run < runs; run++) {
            const archive = join(place.path, `${user}-${run}`);
            const before = writers.reduce((sum, w) => sum + w.count(), 0);
            const args = ["--source", "mysql", "--archive", archive, "--part-mib", "0.05", "--jobs", "3"];
            const ended = await firebreak(["export", ...args], {
              mysqlUrl: asUser(source.url, user, PASSWORD),
              isApart: true,
            });
            expect(ended.exitCode, ended.output).toBe(0);
            expect(ended.output.includes("one connection reads all rows")).toBe(isAlone);
            expect(await sumOf(archive, source.name)).toBe(2 * ROW_COUNT * EACH);
            const moved = writers.reduce((sum, w) => sum + w.count(), 0) - before;
            expect(moved).toBeGreaterThan(0);
          }
          const manifest = JSON.parse(
            await readFile(join(place.path, `${user}-0`, "manifest.json"), "utf8"),
          ) as {
            consistency: string;
          };
          expect(manifest.consistency).toBe("snapshot");
        } finally {
          for (const writer of writers) await writer.stop();
          await source.connection.query(`DROP USER '${user}'@'%'`);
        }
      },
    );
  });
});

/** Moves money from one table to the other, a transaction after another, until it is stopped. */
function startWriter(url: string, seed: number): { count: () => number; stop: () => Promise<void> } {
  let moved = 0;
  const stopping = new AbortController();
  const work = (async () => {
    const connection = await createConnection({ uri: url });
    try {
      for (let i = seed; !stopping.signal.aborted; i += WRITERS) {
        const [from, to] = i % 3 === 0 ? ["checking", "saving"] : ["saving", "checking"];
        await connection.beginTransaction();
        try {
          await connection.query(`UPDATE ${from} SET amount = amount - 1 WHERE id = ${(i * 7) % ROW_COUNT}`);
          await connection.query(`UPDATE ${to} SET amount = amount + 1 WHERE id = ${(i * 11) % ROW_COUNT}`);
          await connection.commit();
        } catch (error) {
          // LOCK TABLES on both tables meets transactions that have one and want the other: the server ends those.
          if ((error as { code?: string }).code !== "ER_LOCK_DEADLOCK") throw error;
          await connection.rollback();
          continue;
        }
        moved++;
      }
    } finally {
      await connection.end();
    }
  })();
  return {
    count: () => moved,
    stop: async () => {
      stopping.abort();
      await work;
    },
  };
}

async function sumOf(archive: string, database: string): Promise<number> {
  let sum = 0;
  for (const table of ["checking", "saving"])
    for (const line of await linesOf(archive, `${database}.${table}`))
      sum += (EJSON.parse(line) as { amount: number }).amount;
  return sum;
}
