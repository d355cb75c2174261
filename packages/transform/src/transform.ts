import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, join } from "node:path";
import {
  addDigests,
  diskFault,
  eachPart,
  EMPTY_DIGEST,
  fileInArchive,
  MANIFEST,
  readSourceManifest,
  safeName,
  writeDurably,
  writeManifest,
  type Account,
  type FileEntry,
  type MysqlManifest,
  type MysqlTable,
  type ReadManifest,
  type SourceManifest,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { emptyCollectionSurvey, mergeCollectionSurvey, type CollectionSurvey } from "./collection-survey.ts";
import { toColumn } from "./column-plan.ts";
import { createTableStatement } from "./ddl.ts";
import { laterDuplicates, type Suspect } from "./duplicate-lines.ts";
import { planIndexes, type SourceIndex } from "./index-plan.ts";
import { indexesSql, loadScript, schemaSql } from "./load-script.ts";
import type { PartResult, PartTask } from "./part-worker.ts";
import { repeatedHashes } from "./repeated-hashes.ts";
import { nameTables, type NamedTable } from "./table-names.ts";
import { planTable, type TablePlan } from "./table-plan.ts";
import type { WrittenRows } from "./write-rows.ts";

export interface TransformOptions {
  readonly archive: string;
  /** Where the rows go: the archive's `mysql/`, or a folder of its own where the archive is read-only. */
  readonly folder: string;
  readonly jobs: number;
  readonly version: string;
}

interface Pass {
  readonly options: TransformOptions;
  readonly pool: WorkerPool<PartTask, PartResult>;
  readonly counters: ProgressCounters;
  readonly totalLines: number;
}

/**
 * Makes MySQL-ready CSV, DDL and digests of an archive: a survey of all
 * documents first, then a table for each collection. Needs no network. What an
 * interrupted run left is made again; the folder is complete when it has its manifest.
 *
 * @throws {FirebreakError} of archive: a damaged part is named, and no manifest is written.
 */
export async function* transformArchive(options: TransformOptions): AsyncGenerator<StepEvent> {
  const startedAt = new Date().toISOString();
  const source = await readSourceManifest(options.archive);
  await emptyFolder(options.folder);
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view");
  const counters = new ProgressCounters();
  const pool = new WorkerPool<PartTask, PartResult>(
    new URL("./part-worker.js", import.meta.url),
    options.jobs,
    counters.buffer,
  );
  const pass: Pass = {
    options,
    pool,
    counters,
    totalLines: namespaces.reduce((sum, n) => sum + n.lineCount, 0) * 2,
  };
  try {
    const tables: MysqlTable[] = [];
    const mapped: MysqlManifest["namespaces"] = [];
    const named = nameTables(namespaces);
    const directories = tableDirectories(named);
    for (const [i, ns] of namespaces.entries()) {
      const survey = emptyCollectionSurvey();
      const suspects = yield* surveyCollection(pass, ns, survey);
      const { database, table } = named[i]!;
      const plan = planTable(ns.namespace, database, table, survey);
      const duplicates =
        suspects.size === 0
          ? ns.parts.map(() => new Set<number>())
          : yield* findDuplicates(pass, ns, plan, suspects);
      const written = yield* writeTable(pass, ns, plan, directories[i]!, duplicates);
      const indexes = planIndexes(plan, await sourceIndexes(options.archive, ns));
      tables.push(tableOf(plan, written, indexes));
      mapped.push(namespaceOf(ns, written));
    }
    await complete(options, source, startedAt, tables, mapped);
    yield { kind: "account", accounts: mapped.map((m) => accountOf(m, tables)) };
  } finally {
    await pool.close();
  }
}

async function* surveyCollection(
  pass: Pass,
  ns: SourceNamespace,
  survey: CollectionSurvey,
): AsyncGenerator<StepEvent, ReadonlySet<bigint>> {
  const hashFiles = ns.parts.map((_, i) => join(pass.options.folder, `${i}.keys`));
  const tasks = ns.parts.map((part, i): PartTask => ({
    stage: "survey",
    sourceFile: sourceFile(pass, part.file),
    part,
    hashFile: hashFiles[i]!,
  }));
  for (const result of yield* runPass(pass, "survey", tasks))
    mergeCollectionSurvey(survey, result as CollectionSurvey);
  const repeated = await repeatedHashes(hashFiles);
  await Promise.all(hashFiles.map((file) => rm(file)));
  return repeated;
}

async function* findDuplicates(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  suspects: ReadonlySet<bigint>,
): AsyncGenerator<StepEvent, Set<number>[]> {
  const tasks = ns.parts.map((part): PartTask => ({
    stage: "duplicates",
    sourceFile: sourceFile(pass, part.file),
    part,
    plan,
    suspects,
  }));
  return laterDuplicates((yield* runPass(pass, "duplicates", tasks)) as Suspect[][]);
}

async function* writeTable(
  pass: Pass,
  ns: SourceNamespace,
  plan: TablePlan,
  directory: string,
  duplicates: readonly ReadonlySet<number>[],
): AsyncGenerator<StepEvent, WrittenRows[]> {
  const tasks = ns.parts.map((part, i): PartTask => {
    const name = basename(part.file, ".ndjson.zst");
    return {
      stage: "rows",
      sourceFile: sourceFile(pass, part.file),
      part,
      plan,
      folder: pass.options.folder,
      csvFile: `${directory}/${name}.csv.zst`,
      quarantineFile: `quarantine/${directory}/${name}.ndjson.zst`,
      duplicateLines: duplicates[i]!,
    };
  });
  return (yield* runPass(pass, "rows", tasks)) as WrittenRows[];
}

/** Runs one pass over parts; results come back in the order of the parts, whoever finished first. */
async function* runPass(
  pass: Pass,
  stage: string,
  tasks: readonly PartTask[],
): AsyncGenerator<StepEvent, PartResult[]> {
  const results = new Array<PartResult>(tasks.length);
  const work = async (i: number): Promise<void> => void (results[i] = await pass.pool.run(tasks[i]!));
  for await (const _ of eachPart(tasks.keys(), pass.options.jobs, work))
    yield {
      kind: "progress",
      stage,
      items: pass.counters.items,
      bytes: pass.counters.bytes,
      totalItems: pass.totalLines,
    };
  return results;
}

function tableOf(
  plan: TablePlan,
  written: readonly WrittenRows[],
  indexes: ReturnType<typeof planIndexes>,
): MysqlTable {
  const parts = written.flatMap((w) => (w.part === undefined ? [] : [w.part]));
  const columns = plan.columns.map(toColumn);
  return {
    table: plan.table,
    database: plan.database,
    namespace: plan.namespace,
    columns,
    keyColumns: [columns[0]!.name],
    rowEncoding: plan.rowEncoding,
    digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
    largestValueBytes: Math.max(0, ...written.map((w) => w.largestValueBytes)),
    largestRowBytes: Math.max(0, ...written.map((w) => w.largestRowBytes)),
    createTable: createTableStatement(plan),
    indexes: [...indexes.indexes],
    notCarried: [...indexes.notCarried],
    parts,
  };
}

function namespaceOf(
  ns: SourceNamespace,
  written: readonly WrittenRows[],
): MysqlManifest["namespaces"][number] {
  const quarantine = written.flatMap((w) => (w.quarantine === undefined ? [] : [w.quarantine]));
  return {
    namespace: ns.namespace,
    lineCount: ns.lineCount,
    mappedCount: written.reduce((sum, w) => sum + (w.part?.lineCount ?? 0), 0),
    quarantinedCount: quarantine.reduce((sum, q) => sum + q.lineCount, 0),
    skippedCount: 0,
    collapsedCount: 0,
    quarantine,
  };
}

function accountOf(ns: MysqlManifest["namespaces"][number], tables: readonly MysqlTable[]): Account {
  return {
    namespace: ns.namespace,
    lines: ns.lineCount,
    quarantined: ns.quarantinedCount,
    skipped: ns.skippedCount,
    collapsed: ns.collapsedCount,
    tables: tables
      .filter((t) => t.namespace === ns.namespace)
      .map((t) => ({ table: t.table, rows: t.digest.rowCount })),
  };
}

async function complete(
  options: TransformOptions,
  source: ReadManifest<SourceManifest>,
  startedAt: string,
  tables: MysqlTable[],
  namespaces: MysqlManifest["namespaces"],
): Promise<void> {
  const files: FileEntry[] = [];
  for (const [file, content] of [
    ["schema.sql", schemaSql(tables)],
    ["indexes.sql", indexesSql(tables)],
    ["load.sh", loadScript(tables)],
  ] as const) {
    await writeDurably(join(options.folder, file), content);
    files.push({ file, bytes: Buffer.byteLength(content), sha256: sha256Of(content) });
  }
  await writeManifest(options.folder, {
    format: "firebreak-mysql",
    formatVersion: 1,
    sourceManifestSha256: source.sha256,
    profile: "generic",
    namespaces,
    tables,
    files,
    run: {
      startedAt,
      finishedAt: new Date().toISOString(),
      host: hostname(),
      firebreak: options.version,
      node: process.version,
    },
  });
}

/** Folders named as the tables; where two databases have one name, or it is one of ours, with the database in front. */
function tableDirectories(named: readonly NamedTable[]): string[] {
  const count = new Map<string, number>();
  for (const { table } of named) count.set(table, (count.get(table) ?? 0) + 1);
  return named.map(({ database, table }) =>
    safeName(count.get(table) === 1 && table !== "quarantine" ? table : `${database}.${table}`, sha256Of),
  );
}

async function sourceIndexes(archive: string, ns: SourceNamespace): Promise<SourceIndex[]> {
  const content = await readFile(fileInArchive(archive, MANIFEST, ns.metadata.file), "utf8");
  return (JSON.parse(content) as { indexes: SourceIndex[] }).indexes;
}

async function emptyFolder(folder: string): Promise<void> {
  try {
    // The manifest goes first: a folder that is half removed must not look whole.
    await rm(join(folder, MANIFEST), { force: true });
    await rm(folder, { recursive: true, force: true });
    await mkdir(folder, { recursive: true });
  } catch (error) {
    throw diskFault(error, folder);
  }
}

function sourceFile(pass: Pass, file: string): string {
  return fileInArchive(pass.options.archive, MANIFEST, file);
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
