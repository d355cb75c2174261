import { join } from "node:path";
import { FirebreakError, LOAD_QUARANTINE, type MysqlTable } from "@firebreak/archive";
import { readRefusedRows } from "@firebreak/mysql-format";
import { ledgerName } from "../ledger/ledger-name.ts";
import { repairFault } from "../repair/repair-faults.ts";
import type { ChecksumStep } from "./checksum-notes.ts";
import type { MysqlComparison } from "./checksum-options.ts";
import type { SetAside } from "./expected-rows.ts";
import type { TableRow } from "./tables-in-target.ts";

/**
 * Reads load's quarantine, from the target's ledgers and the files below `--work`. Its rows are not expected
 * in the target, and their number is reported. If a file is missing, that is reported too, and its rows count
 * as missing from the target.
 *
 * @throws {FirebreakError} `repair-quarantine-missing` if a file is missing and a repair is wanted.
 */
export async function* readSetAside(
  ledger: readonly TableRow[],
  { work, identities, repair }: Pick<MysqlComparison, "work" | "identities" | "repair">,
): AsyncGenerator<ChecksumStep, Map<MysqlTable, SetAside>> {
  const folder = join(work, LOAD_QUARANTINE);
  let count = 0;
  const found = new Map<MysqlTable, Map<string, Set<number>>>();
  for (const { table, row: listed } of ledger) {
    const { quarantine, quarantinedCount } = listed;
    if (quarantine === undefined) continue;
    const part = ledgerName(listed.subject);
    const rows = new Set<number>();
    try {
      for await (const { row } of readRefusedRows(folder, quarantine, identities)) rows.add(row);
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "file-missing") throw error;
      const file = join(folder, quarantine.file);
      const fields = { table: table.table, part, count: quarantinedCount, file };
      if (repair !== undefined) throw repairFault("repair-quarantine-missing", fields, error);
      yield { kind: "note", code: "quarantine-missing", fields };
      continue;
    }
    count += rows.size;
    const ofTable = found.get(table) ?? new Map<string, Set<number>>();
    found.set(table, ofTable.set(part, rows));
  }
  if (count > 0) yield { kind: "note", code: "rows-quarantined", fields: { count, folder } };
  return found;
}
