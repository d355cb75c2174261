import { identifyingColumns, RowIdentity } from "@firebreak/items";
import type { MysqlTable } from "@firebreak/archive";
import { rowHashesByKey } from "../../stored/rows-by-key.ts";
import { storedTable } from "../../stored/stored-table.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { ChangedRows } from "./changed-rows.ts";
import { expectedRows, type ExpectedRow, type RowsPlace } from "./expected-rows.ts";
import { keptText } from "./kept-hash.ts";
import type { RowDifference } from "./row-difference.ts";

/** The rows and bytes of one lookup: well below all servers' packet limits and memory for planning ranges. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 128 * 1024;

/**
 * Looks up each row of the archive in a table that also has other rows. The other rows are no difference.
 *
 * @param count receives the number of rows that are as they should be.
 * @throws {FirebreakError} a fault of mysql or archive.
 */
export async function* mergedDifferences(
  session: MysqlSession,
  place: RowsPlace,
  database: string,
  table: MysqlTable,
  count: (rows: number) => void,
): AsyncGenerator<RowDifference> {
  const stored = await storedTable(session, database, table);
  const identity = new RowIdentity(table);
  const isKeyless = identifyingColumns(table).length === table.columns.length;
  const changed = await ChangedRows.open(session, database, stored);
  let waiting: ExpectedRow[] = [];
  let bytes = 0;
  const settle = async function* (): AsyncGenerator<RowDifference> {
    const keys = waiting.map(({ cells }) => identity.keyOf(cells));
    const found = await rowHashesByKey(session, database, stored, keys);
    for (const [i, { cells, origin }] of waiting.entries()) {
      const keyHash = identity.keyHash(cells);
      const rowHash = identity.rowHash(cells);
      const there = found.get(keyHash.toString("hex"));
      const key = keys[i]!;
      if (there === undefined) yield { kind: "missing", key, cells, origin };
      else if (there.has(rowHash.toString("hex"))) count(1);
      else changed.add({ key, keyHash: keptText(keyHash), rowHash: keptText(rowHash), cells, origin });
      if (changed.isFull) yield* changed.take();
    }
    waiting = [];
    bytes = 0;
  };
  for await (const row of expectedRows(place, table)) {
    waiting.push(row);
    for (const cell of isKeyless ? row.cells : identity.keyOf(row.cells)) bytes += cell?.length ?? 0;
    if (waiting.length >= BATCH_ROWS || bytes >= BATCH_BYTES) yield* settle();
  }
  if (waiting.length > 0) yield* settle();
  yield* changed.take();
}
