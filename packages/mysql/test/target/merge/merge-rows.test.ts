import { readdir } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { csvRow } from "@firebreak/mysql-format";
import type { MysqlTable } from "@firebreak/archive";
import { insertRows, MysqlSession, mysqlTarget } from "../../../src/index.ts";
import { folder } from "@firebreak/testing/archives/folder";
import {
  lacking,
  ownName,
  sqlDatabase,
  SQL_SERVERS,
  type SqlDatabase,
} from "@firebreak/testing/servers/databases";
import { mergeRows } from "../../../src/target/merge/merge-rows.ts";
import type { FoundRefusal, LoadWork } from "../../../src/target/parts/part-work.ts";
import { QuarantineLimit } from "@firebreak/target";
import { inCountedTransaction } from "../../../src/target/parts/transaction.ts";
import { RowFile } from "../../../src/target/parts/row-file.ts";

const ROWS = 1200;
const BATCH_ROWS = 500;

const table = {
  table: "things",
  columns: [
    { name: "id", sqlType: "int", form: "text" },
    { name: "text", sqlType: "varchar(100)", form: "text" },
  ],
  keyColumns: ["id"],
  rowEncoding: "values",
} as unknown as MysqlTable;

for (const server of SQL_SERVERS) {
  const { isLacking, why } = lacking(server);
  describe.skipIf(isLacking)(`rows that are merged into a table of ${server}${why}`, () => {
    let place: Awaited<ReturnType<typeof folder>>;
    let database: SqlDatabase;
    let session: MysqlSession;
    beforeAll(async () => {
      place = await folder();
      database = await sqlDatabase(server, ownName("merge"));
      session = await MysqlSession.open(mysqlTarget(database.url));
      await database.connection.query("CREATE TABLE things (id INT PRIMARY KEY, text VARCHAR(100))");
      const values = Array.from({ length: ROWS }, (_, i) => [i, `theirs ${i}`]);
      await database.connection.query("INSERT INTO things VALUES ?", [values]);
    });
    afterAll(async () => {
      await session.close();
      await database[Symbol.asyncDispose]();
      await place[Symbol.asyncDispose]();
    });

    const counter = QuarantineLimit.counter(0);
    const merge = async (texts: readonly [number, string][], max: number) => {
      const work = { work: place.path, send: insertRows, limit: new QuarantineLimit(max, counter) };
      const lines = texts.map(([id, text]) => Buffer.from(csvRow([String(id), text])));
      await using rows = await rowFile(place.path, lines);
      const to = { database: database.name, table, file: "things/00000.csv.zst" };
      return await inCountedTransaction(session, work as unknown as LoadWork, (counted) =>
        mergeRows(session, counted, to, rows),
      );
    };

    test("and are there with other values come with the row found, all of a batch by one query", async () => {
      const query = vi.spyOn(
        (session.connection as unknown as { connection: { query: () => unknown } }).connection,
        "query",
      );
      // From the last to the first: the server gives them the other way round. Every hundredth is as it was.
      const ids = Array.from({ length: ROWS }, (_, i) => ROWS - 1 - i);
      const merged = await merge(
        ids.map((id) => [id, id % 100 === 0 ? `theirs ${id}` : `ours ${id}`]),
        ROWS,
      );
      const queries = query.mock.calls.length;
      query.mockRestore();
      const found: FoundRefusal[] = [];
      for await (const refusal of merged.withFound()) found.push(refusal);
      const different = ids.filter((id) => id % 100 > 0);
      expect(merged.presentCount).toBe(ROWS - different.length);
      expect(found.map(({ index }) => ids[index])).toEqual(different);
      expect(found.map((r) => r.found?.toString())).toEqual(
        different.map((id) => csvRow([String(id), `theirs ${id}`])),
      );
      expect(merged.refused.map((r) => r.index)).toEqual(found.map((r) => r.index));
      await merged[Symbol.asyncDispose]();
      expect(await readdir(place.path)).toEqual([]);
      // What the table is like, then hashes and rows of each batch.
      expect(queries).toBeLessThan(3 * Math.ceil(ROWS / BATCH_ROWS) + 3);
      new QuarantineLimit(0, counter).take(different.length);
    });

    test("end at the limit of the quarantine, none of them counting for it then", async () => {
      const ours = (count: number): [number, string][] =>
        Array.from({ length: count }, (_, i) => [i, `ours ${i}`]);
      await expect(merge(ours(BATCH_ROWS + 1), BATCH_ROWS)).rejects.toMatchObject({
        code: "quarantine-full",
        fields: { max: BATCH_ROWS },
      });
      expect(new Int32Array(counter)[0]).toBe(0);
      const merged = await merge(ours(BATCH_ROWS), BATCH_ROWS);
      expect(merged.refused).toHaveLength(BATCH_ROWS);
      await merged[Symbol.asyncDispose]();
      new QuarantineLimit(0, counter).take(BATCH_ROWS);
    });
  });
}

async function rowFile(path: string, lines: readonly Buffer[]): Promise<RowFile> {
  return RowFile.fill(
    path,
    (async function* () {
      yield* lines;
    })(),
  );
}
