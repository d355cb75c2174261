import type { MysqlManifest, MysqlTable } from "@firebreak/archive";
import type { MadeChain } from "./made-chain.ts";

/** A table as one link has it. */
export interface LinkTable {
  readonly folder: string;
  readonly table: MysqlTable;
}

/** The links that a table's rows are in: what was whole, or gone, at one has nothing of those before it. */
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
