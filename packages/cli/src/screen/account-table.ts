import type { Account, TableAccount } from "@firebreak/archive";
import { strayCount } from "./not-carried-lines.ts";
import { shardAccounts } from "./shards.ts";
import { textTable } from "./text-table.ts";

type Row = Readonly<Record<string, string | number | boolean | undefined>>;

/** Columns that are shown only if one of their counts is above 0. */
const ONLY_IF_ANY = new Set(["skipped", "collapsed", "refused", "expired", "_extra"]);

/**
 * Returns the account as a table of text. Each namespace and table has a line, and shards share one. Only
 * columns that the command fills are shown.
 */
export function accountTable(accounts: readonly Account[]): string {
  const rows = shardAccounts(accounts).flatMap((account): Row[] => {
    const { tables = [], notCarried: _, ...namespace } = account;
    const ofTables = tables.map(
      ({
        table,
        rows,
        upserts,
        deletes,
        loaded,
        present,
        quarantined,
        digested,
        equal,
        extra,
      }: TableAccount): Row => ({
        table,
        rows,
        upserts,
        deletes,
        present,
        loaded,
        refused: quarantined,
        digested,
        equal,
        _extra: extra && strayCount(extra),
      }),
    );
    return ofTables.length === 0
      ? [namespace]
      : ofTables.map((table, i) => (i === 0 ? { ...namespace, ...table } : table));
  });
  const columns = [
    "namespace",
    "target",
    "change",
    "documents",
    "lines",
    "quarantined",
    "skipped",
    "collapsed",
    "table",
    "rows",
    "upserts",
    "deletes",
    "expired",
    "present",
    "loaded",
    "refused",
    "digested",
    "equal",
    "_extra",
  ];
  const used = columns.filter((c) =>
    rows.some((r) => r[c] !== undefined && !(ONLY_IF_ANY.has(c) && r[c] === 0)),
  );
  const cells = [used, ...rows.map((row) => used.map((c) => text(row[c])))];
  const isText = new Set(["namespace", "target", "change", "table", "equal"]);
  return textTable(
    cells,
    used.map((column) => isText.has(column)),
  );
}

function text(value: string | number | boolean | undefined): string {
  if (value === undefined) return "";
  if (typeof value === "boolean") return value ? "yes" : "NO";
  return typeof value === "number" ? value.toLocaleString("en-US") : value;
}
