import type { Account, MadeDatabase, NotCarried, ExtraCount } from "@firebreak/archive";
import type { NotCarriedTexts, ExtraTexts, StrayColumn } from "../messages/language.ts";
import { shardAccounts } from "./shards.ts";
import { wrapped } from "./text-table.ts";

/** The number of lines to show. `--json` has all. */
const SHOWN_LINES = 20;

/**
 * Lists the objects of the source that the target does not get. Each kind and reason in a namespace or
 * database has a line, and shards share one. Returns no lines if the accounts list nothing.
 */
export function notCarriedLines(
  accounts: readonly Account[],
  databases: readonly MadeDatabase[],
  texts: NotCarriedTexts,
): string[] {
  const lines = [
    ...shardAccounts(accounts).flatMap(({ namespace, notCarried = [] }) =>
      linesOf(namespace, notCarried, texts),
    ),
    ...databases.flatMap(({ database, notCarried }) => linesOf(database, notCarried, texts)),
  ];
  // Several databases may have the same line.
  const different = [...new Set(lines)];
  if (different.length === 0) return [];
  const rest = different.length - SHOWN_LINES;
  const shown = [...different.slice(0, SHOWN_LINES), ...(rest > 0 ? [texts.more(rest)] : [])];
  return [texts.title, ...shown.map((line) => wrapped(`  ${line}`, "    "))];
}

function linesOf(place: string, things: readonly NotCarried[], texts: NotCarriedTexts): string[] {
  const alike = Map.groupBy(things, ({ kind, reason, detail }) => JSON.stringify([kind, reason, detail]));
  return [...alike.values()].map((some) => texts.line(place, some));
}

/** Adds to a namespace's account the number of rows or documents that the target refused, if it is known. */
export function withQuarantinedAtLoad(account: Account): Account {
  const { refused, tables = [] } = account;
  const counts = [refused, ...tables.map(({ quarantined }) => quarantined)].filter((n) => n !== undefined);
  if (counts.length === 0) return account;
  return { ...account, quarantinedAtLoad: counts.reduce((sum, n) => sum + n, 0) };
}

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
