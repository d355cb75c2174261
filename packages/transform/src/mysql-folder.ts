import {
  runFacts,
  formatVersionOf,
  haveMemberNumbers,
  writeManifest,
  writeSmallFile,
  type Column,
  type Encryption,
  type ExtraCount,
  type FileEntry,
  type MysqlManifest,
  type MysqlNamespace,
  type MysqlTable,
  type NotCarried,
  type SourceNamespace,
} from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST } from "@firebreak/items";
import { toColumn } from "./column-plan.ts";
import { createTableStatement } from "./ddl.ts";
import { totalExtra } from "./extra-counts.ts";
import type { IndexPlan } from "./index-plan.ts";
import { indexesSql, loadScript, schemaSql } from "./load-script.ts";
import type { OwnTablePlan } from "./own-table-plan.ts";
import type { TablePlan } from "./table-plan.ts";
import type { WrittenDocuments } from "./write-documents.ts";
import type { WrittenRows } from "./write-rows.ts";

/** Returns the manifest entry of a table that was made of a collection. */
export function tableOf(
  plan: TablePlan,
  written: readonly WrittenRows[],
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
export function ownTableOf(plan: OwnTablePlan, written: readonly WrittenRows[]): MysqlTable {
  const { engine, createInEngine, generatedColumns, uniqueIndexes } = plan;
  const hasOddDates = written.some((w) => w.hasOddDates);
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
    own: {
      engine,
      ...(createInEngine === undefined ? {} : { createInEngine }),
      generatedColumns: [...generatedColumns],
      uniqueIndexes: [...uniqueIndexes],
      hasOddDates,
      ...(written.some((w) => w.hasJsonDecimals) ? { hasJsonDecimals: true } : {}),
      ...(written.some((w) => w.hasEnumZeros) ? { hasEnumZeros: true } : {}),
    },
  };
}

/** Returns the fields of a manifest entry that describe a table's rows. */
export function rowsOf(
  written: readonly WrittenRows[],
  columns: readonly Pick<Column, "name">[],
): Pick<MysqlTable, "digest" | "largestValueBytes" | "largestRowBytes" | "parts"> & {
  readonly extra: ExtraCount[];
} {
  const parts = written.flatMap((w) => (w.part === undefined ? [] : [w.part]));
  return {
    digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
    largestValueBytes: Math.max(0, ...written.map((w) => w.largestValueBytes)),
    largestRowBytes: Math.max(0, ...written.map((w) => w.largestRowBytes)),
    parts,
    extra: totalExtra(
      columns.map(({ name }) => name),
      written.map((w) => w.extra),
    ),
  };
}

/** Returns the manifest entry that says how a collection's lines were used. */
export function namespaceOf(
  ns: SourceNamespace,
  written: readonly Pick<WrittenRows | WrittenDocuments, "part" | "quarantine">[],
  notCarried: readonly NotCarried[],
): MysqlNamespace {
  const quarantine = written.flatMap((w) => (w.quarantine === undefined ? [] : [w.quarantine]));
  return {
    namespace: ns.namespace,
    lineCount: ns.lineCount,
    mappedCount: written.reduce((sum, w) => sum + (w.part?.lineCount ?? 0), 0),
    quarantinedCount: quarantine.reduce((sum, q) => sum + q.lineCount, 0),
    skippedCount: 0,
    collapsedCount: 0,
    quarantine,
    notCarried: [...notCarried],
  };
}

/** The contents of a finished folder, except its parts. */
interface Finished extends Pick<
  MysqlManifest,
  | "sourceManifestSha256"
  | "delta"
  | "profile"
  | "profileFacts"
  | "target"
  | "namespaces"
  | "tables"
  | "databases"
> {
  readonly startedAt: string;
  readonly version: string;
  readonly encryption: Encryption | undefined;
  /** The statement with which the script asks if an application has prepared a database. */
  readonly ownTablesCheck?: string | undefined;
}

/**
 * Writes the DDL, the script and last the manifest. From then on the folder is complete. A delta has no DDL
 * and no script, because the stock client cannot apply a delta.
 */
export async function completeFolder(folder: string, finished: Finished): Promise<void> {
  const { startedAt, version, encryption, ownTablesCheck, ...facts } = finished;
  const files: FileEntry[] = [];
  const scripts = [
    ["schema.sql", schemaSql],
    ["indexes.sql", indexesSql],
    ["load.sh", (tables: typeof facts.tables) => loadScript(tables, ownTablesCheck)],
  ] as const;
  for (const [file, content] of facts.delta === undefined ? scripts : [])
    files.push(await writeSmallFile(folder, file, content(facts.tables), encryption?.recipients));
  const manifest: MysqlManifest = {
    format: "firebreak-mysql",
    formatVersion: formatVersionOf(facts.delta !== undefined, haveMemberNumbers(facts.tables)),
    ...facts,
    files,
    run: runFacts({ startedAt, version }),
  };
  await writeManifest(folder, manifest, { encryption });
}
