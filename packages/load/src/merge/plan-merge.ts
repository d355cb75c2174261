import {
  csvCells,
  csvRow,
  csvRows,
  identifyingColumns,
  RowIdentity,
  type MysqlTable,
} from "@firebreak/archive";
import { rowByKey, rowHashesByKey, storedTable, type MysqlSession } from "@firebreak/mysql";
import type { RowFile } from "../row-file.ts";

/** Of one look-up: well below every server's packet limit and its memory for planning ranges. */
const BATCH_ROWS = 500;
const BATCH_BYTES = 128 * 1024;

/** What is to become of the rows of a part, by their index in it from 0. */
export interface MergePlan {
  /** No row of the target has their key. */
  readonly added: readonly number[];
  /** The target has the very same row. */
  readonly presentCount: number;
  /** The target has their key with other values: one such row as CSV. */
  readonly different: readonly { readonly index: number; readonly found: Buffer }[];
}

interface Waiting {
  readonly index: number;
  readonly cells: readonly (string | null)[];
}

/**
 * Holds rows against those that a table has already. Keys and rows are compared
 * by their bytes, and only in the columns that the archive has.
 *
 * Rows that cannot be read as CSV of ours are to be added: sending them says why they cannot.
 */
export async function planMerge(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  rows: RowFile,
): Promise<MergePlan> {
  const stored = await storedTable(session, database, table);
  const identity = new RowIdentity(stored);
  const keyCount = identifyingColumns(stored).length;
  const added: number[] = [];
  const different: { index: number; found: Buffer }[] = [];
  let presentCount = 0;
  let waiting: Waiting[] = [];
  let bytes = 0;
  const settle = async (): Promise<void> => {
    const keys = waiting.map(({ cells }) => identity.keyOf(cells));
    const found = await rowHashesByKey(session, database, stored, keys);
    for (const [i, { index, cells }] of waiting.entries()) {
      const keyHash = identity.keyHash(cells).toString("hex");
      const there = found.get(keyHash);
      if (there === undefined) added.push(index);
      else if (there.has(identity.rowHash(cells).toString("hex"))) presentCount++;
      else {
        const row = await rowByKey(session, database, stored, keys[i]!, keyHash);
        different.push({ index, found: Buffer.from(csvRow(row ?? []), "latin1") });
      }
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
