import type { MysqlManifest, MysqlTable, TablePart } from "@firebreak/archive";
import type { LedgerRow } from "@firebreak/mysql";

/** A table of the archive and the database it goes to. */
export interface PlannedTable {
  readonly database: string;
  readonly table: MysqlTable;
  readonly done: readonly TablePart[];
  readonly todo: readonly TablePart[];
}

/** Divides each table's parts by what the ledgers say. Pure. */
export function planLoad(
  manifest: MysqlManifest,
  targetDatabase: string | undefined,
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
): PlannedTable[] {
  return manifest.tables.map((table) => {
    const database = targetDatabase ?? table.database;
    const known = new Set(
      (ledgers.get(database) ?? []).filter((r) => r.table === table.table).map((r) => r.part),
    );
    return {
      database,
      table,
      done: table.parts.filter((p) => known.has(p.file)),
      todo: table.parts.filter((p) => !known.has(p.file)),
    };
  });
}

/** The databases that a load touches. */
export function targetDatabases(manifest: MysqlManifest, targetDatabase: string | undefined): string[] {
  return targetDatabase === undefined
    ? [...new Set(manifest.tables.map((t) => t.database))]
    : [targetDatabase];
}
