import { join } from "node:path";
import { createConnection, type Connection, type RowDataPacket } from "mysql2/promise";
import { Decimal128, type Db } from "mongodb";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { SeededRandom } from "../../fixtures/src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  mongodbDatabase,
  ownName,
  journeyServers,
  sqlDatabase,
} from "@firebreak/testing/servers/databases";
import { mustEndWell } from "@firebreak/testing/command-line/firebreak";

/** `pnpm soak` asks for more. */
const RUN_COUNT = Number(process.env["FIREBREAK_DELTA_RUNS"] ?? 1);
const COLUMNS =
  "id INT PRIMARY KEY, v BIGINT NOT NULL, price DECIMAL(10,2), text VARCHAR(300) CHARACTER SET utf8mb4, at DATETIME(3)";

/** What a row and its document are compared by: all values as texts, by key. */
type Contents = ReadonlyMap<number, readonly (string | null)[]>;

/** Writes rows, several in a transaction at times, as fast as the server takes it until it is stopped. */
async function startWriter(url: string, tables: readonly string[], seed: number) {
  const connection = await createConnection({ uri: url, charset: "utf8mb4" });
  const random = new SeededRandom(seed);
  const pick = (count: number): number => random.integer(0, count - 1);
  const stopping = new AbortController();
  let writeCount = 0;
  const write = async (): Promise<void> => {
    const table = tables[pick(tables.length)]!;
    const id = pick(900);
    const values = [id, writeCount, pick(99_999) / 100, "é".repeat(pick(200)), new Date(1.7e12 + writeCount)];
    switch (pick(4)) {
      case 0:
        return void (await connection.query(`DELETE FROM ${table} WHERE id = ?`, [id]));
      case 1:
        return void (await connection.query(
          `UPDATE ${table} SET v = v + 1, price = NULL WHERE id >= ? LIMIT 3`,
          [id],
        ));
      default:
        return void (await connection.query(`REPLACE INTO ${table} VALUES (?, ?, ?, ?, ?)`, values));
    }
  };
  const writeSome = async (): Promise<void> => {
    if (pick(10) > 0) return await write();
    await connection.beginTransaction();
    for (let i = 0; i < 20; i++) await write();
    await (pick(3) === 0 ? connection.rollback() : connection.commit());
  };
  const running = (async () => {
    while (!stopping.signal.aborted) {
      await writeSome();
      writeCount++;
    }
  })();
  return {
    async stop(): Promise<number> {
      stopping.abort();
      await running;
      await connection.end();
      return writeCount;
    },
  };
}

async function rowsOf(connection: Connection, table: string): Promise<Contents> {
  const [rows] = await connection.query<RowDataPacket[]>(
    `SELECT id, CAST(v AS CHAR) AS v, CAST(price AS CHAR) AS price, text, CAST(at AS CHAR) AS at FROM ${table}`,
  );
  return new Map(
    rows.map((r) => [r["id"] as number, [r["v"], r["price"], r["text"], r["at"]] as (string | null)[]]),
  );
}

async function documentsOf(db: Db, collection: string): Promise<Contents> {
  const documents = await db
    .collection<{ _id: number }>(collection)
    .find({}, { useBigInt64: true })
    .toArray();
  return new Map(
    documents.map((d) => {
      const { _id, v, price, text, at } = d as {
        _id: number;
        v: bigint;
        price: Decimal128 | null;
        text: string | null;
        at: Date | null;
      };
      const moment = at?.toISOString().replace("T", " ").replace("Z", "") ?? null;
      return [_id, [String(v), price === null ? null : String(price), text, moment]];
    }),
  );
}

for (const server of journeyServers("mysql")) {
  const { isLacking, why } = lacking("mongodb", server);
  describe.skipIf(isLacking)(`a ${server} that is written to at full speed${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    beforeAll(async () => {
      place = await folder();
    });
    afterAll(() => place[Symbol.asyncDispose]());

    test.each(Array.from({ length: RUN_COUNT }, (_, run) => run))(
      "is in MongoDB exactly after a full archive, three deltas and one after the last write, run %i",
      async (run) => {
        await using source = await sqlDatabase(server, ownName("written"));
        await using target = await mongodbDatabase(source.name);
        const { connection } = source;
        for (const table of ["a", "b", "c"]) await connection.query(`CREATE TABLE ${table} (${COLUMNS})`);
        const carry = async (name: string, from?: string): Promise<void> => {
          const archive = join(place.path, `${run}-${name}`);
          const delta = from === undefined ? [] : ["--delta-from", join(place.path, `${run}-${from}`)];
          await mustEndWell(["export", "--source", "mysql", "--archive", archive, ...delta], {
            mysqlUrl: source.url,
            isApart: true,
          });
          await mustEndWell(["transform", "--archive", archive]);
          await mustEndWell(["load", "--archive", archive], { mongodbUrl: target.url });
        };

        const writer = await startWriter(source.url, ["a", "b", "c"], run + 1);
        await carry("full");
        await carry("1", "full");
        await connection.query(`CREATE TABLE d (${COLUMNS})`);
        const [copied] = await connection.query<RowDataPacket[]>("SELECT * FROM a");
        await connection.query("INSERT INTO d VALUES ?", [copied.map((row) => Object.values(row))]);
        await carry("2", "1");
        await connection.query("RENAME TABLE d TO e");
        await carry("3", "2");
        expect(await writer.stop()).toBeGreaterThan(300);
        await connection.query("DROP TABLE c");
        await carry("last", "3");

        const collections = (await target.db.listCollections().toArray()).map((c) => c.name).sort();
        expect(collections).toEqual(["a", "b", "e", "firebreak_ledger"]);
        for (const table of ["a", "b", "e"]) {
          const rows = await rowsOf(connection, table);
          expect(rows.size).toBeGreaterThan(10);
          expect(await documentsOf(target.db, table)).toEqual(rows);
        }
      },
    );
  });
}
