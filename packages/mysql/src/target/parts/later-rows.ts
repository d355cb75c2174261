import { join } from "node:path";
import { canonicalBytes } from "@firebreak/items";
import { csvCells, csvRows, readRefusedRows } from "@firebreak/mysql-format";
import { LOAD_QUARANTINE, type MysqlTable, type TablePart } from "@firebreak/archive";
import { deleteByKeys } from "./delete-by-key.ts";
import { ledgerRowOf, type LedgerRow } from "../ledger/ledger.ts";
import { partOf } from "../ledger/ledger-name.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { bytesOf, type LoadWork, type PartWork, type Refusal } from "./part-work.ts";
import type { RowFile } from "./row-file.ts";
import type { Settling } from "./settling.ts";

/** A part that is already loaded and comes later in the archive. */
export interface LaterPart {
  readonly part: TablePart;
  readonly ledger: LedgerRow;
}

/** A row of a later part that is now in the table. */
export interface LaterRow {
  readonly of: LaterPart;
  /** The row's position in its part, counted from 0. */
  readonly index: number;
  readonly csv: Buffer;
  readonly cells: readonly (string | null)[];
}

/**
 * Finds rows of later parts that are in the table and have the same key as a row that was refused for its
 * key. Reads all loaded later parts once.
 */
export async function findLaterRows(
  session: MysqlSession,
  work: LoadWork,
  { database, table, part }: PartWork,
  rows: RowFile,
  duplicates: readonly Refusal[],
): Promise<Map<Refusal, LaterRow>> {
  const wanted = new Map<string, Refusal>();
  for (const refusal of duplicates) {
    const key = keyOf(table, csvCells(await rows.row(refusal.index)));
    // If several rows of this part have the key, the first is the one to load.
    if (key !== undefined && !wanted.has(key)) wanted.set(key, refusal);
  }
  const found = new Map<Refusal, LaterRow>();
  for (const later of table.parts.slice(table.parts.indexOf(part) + 1)) {
    // Locked, since a run that was thought dead may be changing it.
    const ledger = await ledgerRowOf(session, database, table.table, partOf(work.place, later.file), true);
    if (ledger === undefined) continue;
    // One object for all rows of the part, since rows are grouped by it.
    const of: LaterPart = { part: later, ledger };
    const gone = await quarantinedRows(work, ledger);
    let index = 0;
    for await (const csv of csvRows(bytesOf(work, later))) {
      const cells = csvCells(csv);
      const refusal = wanted.get(keyOf(table, cells) ?? "");
      if (refusal !== undefined && cells !== undefined && !gone.has(index)) {
        found.set(refusal, { of, index, csv, cells });
        wanted.delete(keyOf(table, cells)!);
      }
      index++;
    }
  }
  return found;
}

/**
 * Deletes the later row from the table and inserts the refused one. Returns false, with nothing changed, if
 * the server refuses it again.
 */
export async function takePlace(
  session: MysqlSession,
  { database, table }: PartWork,
  settling: Settling,
  { index }: Refusal,
  { cells }: LaterRow,
): Promise<boolean> {
  const key = table.keyColumns.map((name) => cells[table.columns.findIndex((c) => c.name === name)]!);
  await session.run("SAVEPOINT firebreak_place");
  const deleted = await deleteByKeys(session, database, table, [key]);
  if (deleted === 1 && (await settling.attempt(index, index + 1)) === undefined) return true;
  await session.run("ROLLBACK TO SAVEPOINT firebreak_place");
  return false;
}

async function quarantinedRows(work: LoadWork, { quarantine }: LedgerRow): Promise<ReadonlySet<number>> {
  const indexes = new Set<number>();
  if (quarantine !== undefined)
    for await (const { row } of readRefusedRows(
      join(work.work, LOAD_QUARANTINE),
      quarantine,
      work.identities,
    ))
      indexes.add(row - 1);
  return indexes;
}

/** Returns a key's values as one text, equal for equal keys; undefined if the row has no key. */
function keyOf(table: MysqlTable, cells: readonly (string | null)[] | undefined): string | undefined {
  if (cells?.length !== table.columns.length || table.keyColumns.length === 0) return undefined;
  const values = table.columns.flatMap((c, i) => {
    if (!table.keyColumns.includes(c.name)) return [];
    const cell = cells[i]!;
    return [cell === null ? null : canonicalBytes(cell, c.form).toString("latin1")];
  });
  return values.includes(null) ? undefined : JSON.stringify(values);
}
