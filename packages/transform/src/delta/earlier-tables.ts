import type { MysqlManifest, MysqlTable } from "@firebreak/archive";
import type { MadeChain } from "./made-chain.ts";

/** A table in one link. */
export interface LinkTable {
  readonly folder: string;
  readonly table: MysqlTable;
}

/** Returns the links that hold a table's rows: from the last one that has the table whole or drops it. */
export function earlierTables(
  { links }: MadeChain<MysqlManifest>,
  { table, database }: Pick<MysqlTable, "table" | "database">,
): LinkTable[] {
  const all = links.flatMap(({ folder, manifest }) => {
    const found = manifest.tables.find((t) => t.table === table && t.database === database);
    return found === undefined ? [] : [{ folder, table: found }];
  });
  const from = all.findLastIndex((l) => l.table.change === "whole" || l.table.change === "dropped");
  return all.slice(Math.max(0, from));
}
