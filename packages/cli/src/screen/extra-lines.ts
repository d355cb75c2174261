import type { Account, ExtraCount } from "@firebreak/archive";
import type { ExtraTexts, StrayColumn } from "../messages/account-texts.ts";
import { shardAccounts } from "./shard-accounts.ts";
import { wrapped } from "./wrapped.ts";

/** The number of columns to list, those with the most values first. `--json` has all. */
const SHOWN_COLUMNS = 12;

/** Returns a line for each column: the number of its values in `_extra`, and why. Shards share a line. */
export function extraLines(accounts: readonly Account[], texts: ExtraTexts): string[] {
  const columns = shardAccounts(accounts)
    .flatMap(({ tables = [] }) => tables)
    .flatMap(({ table, extra = [] }) => strayColumns(table, extra))
    .sort((a, b) => b.values - a.values);
  const rest = columns.length - SHOWN_COLUMNS;
  const shown = columns.slice(0, SHOWN_COLUMNS).map(texts.column);
  return [...shown, ...(rest > 0 ? [texts.more(rest)] : [])].map((line) => wrapped(line));
}

/** Counts the values that a query of the columns would miss. */
export function strayCount(extra: readonly ExtraCount[]): number {
  return extra.filter(isStray).reduce((sum, { values }) => sum + values, 0);
}

/** Returns false for an explicit null. The column then has NULL, which misleads nobody. */
function isStray({ reason }: ExtraCount): boolean {
  return reason !== "null";
}

function strayColumns(table: string, extra: readonly ExtraCount[]): StrayColumn[] {
  const byColumn = Map.groupBy(extra.filter(isStray), ({ column }) => column);
  return [...byColumn].map(([column, counts]) => ({
    table,
    column,
    values: strayCount(counts),
    reasons: counts.toSorted((a, b) => b.values - a.values),
  }));
}
