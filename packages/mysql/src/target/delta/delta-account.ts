import {
  withTables,
  type Account,
  type MysqlManifest,
  type MysqlTable,
  type TableAccount,
} from "@firebreak/archive";
import type { ChainPlace } from "@firebreak/target";
import { deltaRows, type DeltaTable } from "./delta-plan.ts";

/** Returns a delta's account, as the ledgers have it, of the tables that the delta has work for. */
export function deltaAccounts(
  { namespaces }: Pick<MysqlManifest, "namespaces">,
  planned: readonly DeltaTable[],
  place: ChainPlace,
): Account[] {
  const plans = new Map(planned.map((plan) => [plan.table, plan]));
  return withTables(namespaces, [...plans.keys()], (table) => tableAccount(plans.get(table)!, place));
}

function tableAccount(plan: DeltaTable, place: ChainPlace): TableAccount {
  const { table, way } = plan;
  const sum = <T>(of: readonly T[], count: (one: T) => number): number =>
    of.reduce((total, one) => total + count(one), 0);
  const upserts = sum(table.parts, (p) => p.lineCount);
  const entries = deltaRows(plan, place);
  return {
    table: table.table,
    rows: table.change === "dropped" ? 0 : table.digest.rowCount,
    upserts,
    ...(way === "changed" ? deletesOf(table, upserts) : {}),
    loaded: sum(entries, (r) => r.rowCount),
    quarantined: sum(entries, (r) => r.quarantinedCount),
    extra: table.extra,
  };
}

/**
 * Returns the number of keys that have no new row. If the manifest does not count them, `keys` also has the
 * key of each new row. If `keys` then has fewer lines than there are rows, an earlier version made it, and
 * the number is unknown.
 */
function deletesOf(
  { keys = [], goneCount }: Pick<MysqlTable, "keys" | "goneCount">,
  upserts: number,
): Pick<TableAccount, "deletes"> {
  const deletes = goneCount ?? keys.reduce((sum, k) => sum + k.lineCount, 0) - upserts;
  return deletes < 0 ? {} : { deletes };
}
