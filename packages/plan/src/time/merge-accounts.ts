import type { Account, TableAccount } from "@firebreak/archive";

/** Merges the accounts of several steps, by namespace and table. The count of a later step wins. Pure. */
export function mergeAccounts(steps: readonly (readonly Account[])[]): Account[] {
  const byNamespace = Map.groupBy(steps.flat(), ({ namespace }) => namespace);
  return [...byNamespace.values()].map((same) => {
    const tables = mergeTables(same.flatMap((account) => account.tables ?? []));
    const merged = same.reduce((sum, account) => ({ ...sum, ...account }));
    return tables.length === 0 ? merged : { ...merged, tables };
  });
}

function mergeTables(tables: readonly TableAccount[]): TableAccount[] {
  const byName = Map.groupBy(tables, ({ table }) => table);
  return [...byName.values()].map((same) => same.reduce((sum, table) => ({ ...sum, ...table })));
}
