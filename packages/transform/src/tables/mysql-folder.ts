import {
  formatVersionOf,
  haveMemberNumbers,
  runFacts,
  writeManifest,
  writeSmallFile,
  type Column,
  type ExtraCount,
  type FileEntry,
  type MysqlManifest,
  type MysqlTable,
  type OwnTable,
} from "@firebreak/archive";
import { toColumn, createTableStatement } from "@firebreak/mysql-format";
import { totalExtra } from "../extra/extra-counts.ts";
import type { IndexPlan } from "./index-plan.ts";
import type { WrittenPart } from "../lines/write-part.ts";
import { indexesSql, loadScript, schemaSql } from "./load-script.ts";
import { itemFacts, type FolderFacts } from "../output.ts";
import type { OriginalTablePlan } from "./original-table-plan.ts";
import type { TablePlan } from "./table-plan.ts";

/** Returns the manifest entry of a table that was made of a collection. */
export function tableOf(
  plan: TablePlan,
  written: readonly WrittenPart[],
  indexes: IndexPlan["indexes"],
  collection: string,
): MysqlTable {
  const columns = plan.columns.map(toColumn);
  return {
    ...rowsOf(written, columns),
    table: plan.table,
    database: plan.database,
    namespace: plan.namespace,
    columns,
    keyColumns: [columns[0]!.name],
    rowEncoding: plan.rowEncoding,
    createTable: createTableStatement(plan, collection),
    indexes: [...indexes],
    notCarried: [],
  };
}

/** Returns the manifest entry of a MySQL table that becomes itself again. */
export function originalTableOf(plan: OriginalTablePlan, written: readonly WrittenPart[]): MysqlTable {
  const { engine, createInEngine, generatedColumns, uniqueIndexes } = plan;
  return {
    ...rowsOf(written, plan.columns),
    table: plan.table,
    database: plan.database,
    namespace: plan.namespace,
    columns: [...plan.columns],
    keyColumns: [...plan.keyColumns],
    rowEncoding: plan.rowEncoding,
    createTable: plan.createTable,
    indexes: [],
    notCarried: [],
    own: withFindings(
      {
        engine,
        ...(createInEngine === undefined ? {} : { createInEngine }),
        generatedColumns: [...generatedColumns],
        uniqueIndexes: [...uniqueIndexes],
        hasOddDates: false,
      },
      written,
    ),
  };
}

/** Adds what was found in rows to the facts of a table. */
export function withFindings(own: OwnTable, written: readonly WrittenPart[]): OwnTable {
  const has = (name: "hasOddDates" | "hasJsonDecimals" | "hasEnumZeros"): boolean =>
    written.some(({ findings }) => findings[name] === true);
  return {
    ...own,
    hasOddDates: own.hasOddDates || has("hasOddDates"),
    ...(has("hasJsonDecimals") ? { hasJsonDecimals: true } : {}),
    ...(has("hasEnumZeros") ? { hasEnumZeros: true } : {}),
  };
}

/** Returns the fields of a manifest entry that describe a table's rows. */
export function rowsOf(
  written: readonly Pick<WrittenPart, "items" | "findings">[],
  columns: readonly Pick<Column, "name">[],
): Pick<MysqlTable, "digest" | "largestValueBytes" | "largestRowBytes" | "parts"> & {
  readonly extra: ExtraCount[];
} {
  const { digest, largestValueBytes, largestItemBytes, parts } = itemFacts(written.flatMap((w) => w.items));
  return {
    digest,
    largestValueBytes,
    largestRowBytes: largestItemBytes,
    parts,
    extra: totalExtra(
      columns.map(({ name }) => name),
      written.map(({ findings }) => findings.extra ?? []),
    ),
  };
}

/**
 * Writes the DDL, the script and last the manifest. From then on the folder is complete. A delta has no DDL
 * and no script, because the stock client cannot apply a delta.
 */
export async function completeMysqlFolder(
  folder: string,
  { startedAt, version, encryption, entries, databases, ownTablesCheck, ...facts }: FolderFacts<MysqlTable>,
): Promise<void> {
  const files: FileEntry[] = [];
  const scripts = [
    ["schema.sql", schemaSql],
    ["indexes.sql", indexesSql],
    ["load.sh", (tables: readonly MysqlTable[]) => loadScript(tables, ownTablesCheck)],
  ] as const;
  for (const [file, content] of facts.delta === undefined ? scripts : [])
    files.push(await writeSmallFile(folder, file, content(entries), encryption?.recipients));
  const manifest: MysqlManifest = {
    format: "firebreak-mysql",
    formatVersion: formatVersionOf(facts.delta !== undefined, haveMemberNumbers(entries)),
    ...facts,
    tables: [...entries],
    databases,
    files,
    run: runFacts({ startedAt, version }),
  };
  await writeManifest(folder, manifest, { encryption });
}
