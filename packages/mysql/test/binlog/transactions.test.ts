import { expect, test } from "vitest";
import { transactionsOf, type LoggedTransaction } from "../../src/binlog/transactions.ts";

async function grouped(...events: readonly (readonly [type: string, info: string])[]) {
  const found: LoggedTransaction[] = [];
  const all = events.map(([type, info], i) => ({ file: "log.000001", at: i, end: i + 1, type, info }));
  for await (const one of transactionsOf(
    (async function* () {
      yield* all;
    })(),
  ))
    found.push(one);
  return found.map(({ tables, unclear, end }) => [[...tables], unclear?.info, end?.info]);
}

test("a log of MySQL is grouped by its transactions", async () => {
  expect(
    await grouped(
      ["Format_desc", "Server ver: 9.7.4"],
      ["Previous_gtids", ""],
      ["Gtid", "SET @@SESSION.GTID_NEXT= 'd0:4'"],
      ["Query", "BEGIN"],
      ["Rows_query", "# INSERT …"],
      ["Table_map", "table_id: 106 (x.t)"],
      ["Write_rows", "table_id: 106 flags: STMT_END_F"],
      ["Query", "SAVEPOINT `s`"],
      ["Table_map", "table_id: 108 (x.l (1))"],
      ["Update_rows", "table_id: 108 flags: STMT_END_F"],
      ["Xid", "COMMIT /* xid=7 */"],
      ["Anonymous_Gtid", "SET @@SESSION.GTID_NEXT= 'ANONYMOUS'"],
      ["Query", "TRUNCATE x.l /* xid=19 */"],
      ["Gtid", "SET @@SESSION.GTID_NEXT= 'd0:6'"],
      ["Query", "BEGIN"],
    ),
  ).toEqual([
    [["x.t", "x.l (1)"], undefined, "COMMIT /* xid=7 */"],
    [[], "TRUNCATE x.l /* xid=19 */", "TRUNCATE x.l /* xid=19 */"],
    [[], undefined, undefined],
  ]);
});

test("a log of MariaDB is grouped by its transactions", async () => {
  expect(
    await grouped(
      ["Gtid_list", "[]"],
      ["Gtid", "BEGIN GTID 0-1-5"],
      ["Annotate_rows", "UPDATE x.t SET b='c'"],
      ["Table_map", "table_id: 18 (x.t)"],
      ["Update_rows_v1", "table_id: 18 flags: STMT_END_F"],
      ["Xid", "COMMIT /* xid=9 */"],
      ["Gtid", "BEGIN GTID 0-1-6"],
      ["Table_map", "table_id: 19 (x.aria)"],
      ["Delete_rows_v1", "table_id: 19 flags: STMT_END_F"],
      ["Query", "COMMIT"],
    ),
  ).toEqual([
    [["x.t"], undefined, "COMMIT /* xid=9 */"],
    [["x.aria"], undefined, "COMMIT"],
  ]);
});

test.each([
  ["Query", "use `x`; UPDATE t SET a = 1"],
  ["Query", "XA START X'61'"],
  ["Query", "BEGINNING"],
  ["Transaction_payload", "compression='ZSTD'"],
  ["Write_rows_compressed_v1", "table_id: 18"],
  ["Query_compressed", "UPDATE t SET a = 1"],
  ["XA_prepare", "XA PREPARE X'61'"],
  ["Incident", "#1 (LOST_EVENTS)"],
  ["Execute_load_query", "LOAD DATA …"],
  ["Intvar", "INSERT_ID=1"],
  ["Something_new", ""],
])("an event %s %s makes a transaction unclear", async (type, info) => {
  const [first] = await grouped(["Gtid", ""], ["Query", "BEGIN"], [type, info], ["Xid", "COMMIT"]);
  expect(first![1]).toBe(info);
});
