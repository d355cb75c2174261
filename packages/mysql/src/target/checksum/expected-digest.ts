import { join } from "node:path";
import { FirebreakError, LOAD_QUARANTINE, type MysqlTable, type TablePart } from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, RowHasher, TableDigest, type PlainDigest } from "@firebreak/items";
import { csvCells, readRefusedRows } from "@firebreak/mysql-format";
import type { MysqlComparison } from "./checksum-options.ts";
import { rowsOfPart, type RowsPlace } from "./expected-rows.ts";
import type { TableRow } from "./tables-in-target.ts";

/**
 * Returns the digest that the target should have: the archive's rows without those that the target refused.
 * Reads only the parts with refused rows.
 */
export async function expectedDigest(place: RowsPlace, table: MysqlTable): Promise<PlainDigest> {
  if (place.setAside === undefined) return table.digest;
  let digest = EMPTY_DIGEST;
  for (const part of table.parts)
    digest = addDigests(
      digest,
      place.setAside.has(part.file) ? await digestOfOthers(place, table, part) : part.digest,
    );
  return digest;
}

async function digestOfOthers(place: RowsPlace, table: MysqlTable, part: TablePart): Promise<PlainDigest> {
  const digest = new TableDigest();
  const hasher = hasherOf(table);
  for await (const { cells } of rowsOfPart(place, part)) digest.add(hasher.hash(cells));
  return digest.toPlain();
}

/**
 * Returns the digest of a table's rows in load's quarantine, from all links of a chain. It leaves out rows
 * whose file is missing.
 */
export async function refusedDigest(
  ledger: readonly TableRow[],
  { work, identities }: Pick<MysqlComparison, "work" | "identities">,
  table: MysqlTable,
): Promise<PlainDigest> {
  const digest = new TableDigest();
  const hasher = hasherOf(table);
  for (const { row } of ledger.filter((r) => r.table === table && r.row.quarantine !== undefined))
    try {
      for await (const { csv } of readRefusedRows(join(work, LOAD_QUARANTINE), row.quarantine!, identities)) {
        const cells = csvCells(csv);
        if (cells !== undefined) digest.add(hasher.hash(table.columns.map((_c, i) => cells[i] ?? null)));
      }
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "file-missing") throw error;
    }
  return digest.toPlain();
}

function hasherOf({ columns, rowEncoding }: MysqlTable): RowHasher {
  return new RowHasher(
    columns.map((c) => c.form),
    rowEncoding,
  );
}
