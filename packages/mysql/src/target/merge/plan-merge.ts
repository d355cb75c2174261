import { csvCells, csvRow, csvRows } from "@firebreak/mysql-format";
import { identifyingColumns, RowIdentity, type LineSorter } from "@firebreak/items";
import type { MysqlTable } from "@firebreak/archive";
import { rowHashesByKey, rowsByKey } from "../../stored/rows-by-key.ts";
import { storedTable } from "../../stored/stored-table.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { RowFile } from "../parts/row-file.ts";

/** The limits of one look-up: well below every server's packet limit and its memory for planning ranges. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 128 * 1024;

/** The plan for the rows of a part, by their index in it from 0, ascending. */
export interface MergePlan {
  /** No row of the target has their key. */
  readonly added: readonly number[];
  /** The target has exactly the same row. */
  readonly presentCount: number;
  /** The target has their key with other values. */
  readonly different: readonly number[];
}

/** Receives the rows that the target has with other values. */
export interface DifferentRows {
  /** Called for each such row before the next batch is looked up. */
  readonly take: (index: number) => void;
  /** Gets one row of the target for each, as CSV, by `keyOfIndex`. */
  readonly found: LineSorter;
}

/** Returns the sorter's key for the row at an index. */
export function keyOfIndex(index: number): Buffer {
  const key = Buffer.allocUnsafe(4);
  key.writeUInt32BE(index, 0);
  return key;
}

interface Waiting {
  readonly index: number;
  readonly cells: readonly (string | null)[];
}

/**
 * Compares rows with those of a table. Keys and rows are compared by their bytes, and only in the columns
 * that the archive has.
 *
 * Rows that are not valid CSV count as rows to add: the server's refusal then says what is wrong.
 */
export async function planMerge(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  rows: RowFile,
  { take, found }: DifferentRows,
): Promise<MergePlan> {
  const stored = await storedTable(session, database, table);
  const identity = new RowIdentity(stored);
  const keyCount = identifyingColumns(stored).length;
  const added: number[] = [];
  const different: number[] = [];
  let presentCount = 0;
  let waiting: Waiting[] = [];
  let bytes = 0;
  const settle = async (): Promise<void> => {
    const keys = waiting.map(({ cells }) => identity.keyOf(cells));
    const hashes = await rowHashesByKey(session, database, stored, keys);
    const wanted = new Map<string, { readonly key: Waiting["cells"]; readonly indexes: number[] }>();
    for (const [i, { index, cells }] of waiting.entries()) {
      const keyHash = identity.keyHash(cells).toString("hex");
      const there = hashes.get(keyHash);
      if (there === undefined) added.push(index);
      else if (there.has(identity.rowHash(cells).toString("hex"))) presentCount++;
      else {
        take(index);
        different.push(index);
        const one = wanted.get(keyHash) ?? { key: keys[i]!, indexes: [] };
        wanted.set(keyHash, one);
        one.indexes.push(index);
      }
    }
    const wantedKeys = [...wanted.values()].map(({ key }) => key);
    for await (const row of rowsByKey(session, database, stored, wantedKeys)) {
      const { indexes = [] } = wanted.get(row.keyHash) ?? {};
      // Only one row is shown, even if the table has several with the key.
      wanted.delete(row.keyHash);
      const line = Buffer.from(csvRow(row.cells), "latin1");
      for (const index of indexes) await found.add({ key: keyOfIndex(index), mark: 0, line });
    }
    waiting = [];
    bytes = 0;
  };
  let index = 0;
  for await (const csv of csvRows(rows.rows(0, rows.rowCount))) {
    const cells = csvCells(csv);
    if (cells?.length !== stored.columns.length) added.push(index);
    else {
      waiting.push({ index, cells });
      bytes += keyCount === cells.length ? csv.length : identity.keyOf(cells).join("").length;
      if (waiting.length >= BATCH_ROWS || bytes >= BATCH_BYTES) await settle();
    }
    index++;
  }
  await settle();
  return { added: added.toSorted((a, b) => a - b), presentCount, different };
}
