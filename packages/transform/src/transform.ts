import { mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  FolderLock,
  linesAccount,
  MANIFEST,
  readCollectionFile,
  readSourceManifest,
  readTableFile,
  safeName,
  textFields,
  type Account,
  type MysqlNamespace,
  type MysqlTable,
  type ReadManifest,
  type SourceManifest,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { emptyCollectionSurvey } from "./collection-survey.ts";
import { planIndexes, type SourceIndex } from "./index-plan.ts";
import { completeFolder, namespaceOf, ownTableOf, tableOf } from "./mysql-folder.ts";
import { planOwnTable } from "./own-table-plan.ts";
import type { PartResult, PartTask } from "./part-worker.ts";
import { findDuplicates, surveyCollection, writeTable, type Pass } from "./passes.ts";
import { nameTables, type NamedTable } from "./table-names.ts";
import { planTable } from "./table-plan.ts";

/** In the folder that is written, while it is. */
const LOCK = "transform.lock";

export interface TransformOptions {
  readonly archive: string;
  /** Where the rows go: the archive's `mysql/`, or a folder of its own where the archive is read-only. */
  readonly folder: string;
  readonly jobs: number;
  readonly version: string;
  /** Of the person, for an encrypted archive; what is made of it is encrypted to the same recipients. */
  readonly identities?: readonly string[] | undefined;
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
  const source = await readSourceManifest(options.archive, options.identities);
  await makeFolder(options.folder);
  const lock = await FolderLock.take(join(options.folder, LOCK));
  try {
    await emptyFolder(options.folder);
    for await (const event of transformInto(options, source, startedAt)) {
      lock.assertHeld();
      yield event;
    }
  } finally {
    await lock.release();
  }
}

async function* transformInto(
  options: TransformOptions,
  source: ReadManifest<SourceManifest>,
  startedAt: string,
): AsyncGenerator<StepEvent> {
  const { encryption } = source;
  const isMysql = source.manifest.source.kind === "mysql";
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view");
  const counters = new ProgressCounters();
  const pool = new WorkerPool<PartTask, PartResult>(
    new URL("./part-worker.js", import.meta.url),
    options.jobs,
    counters.buffer,
  );
  const pass: Pass = {
    archive: options.archive,
    folder: options.folder,
    jobs: options.jobs,
    pool,
    counters,
    keys: { identities: options.identities ?? [], recipients: encryption?.recipients ?? [] },
    // Documents are surveyed first; a table of MySQL is known.
    totalLines: namespaces.reduce((sum, n) => sum + n.lineCount, 0) * (isMysql ? 1 : 2),
  };
  try {
    const tables: MysqlTable[] = [];
    const mapped: MysqlNamespace[] = [];
    const named = isMysql ? ownNames(namespaces) : nameTables(namespaces);
    const directories = encryption?.names === "hidden" ? numbered(named) : tableDirectories(named);
    for (const [i, ns] of namespaces.entries()) {
      if (isMysql) {
        const own = planOwnTable(ns, await readTableFile(options.archive, ns, options.identities));
        const written = yield* writeTable(pass, ns, own, directories[i]!);
        tables.push(ownTableOf(own, written));
        mapped.push(namespaceOf(ns, written));
        continue;
      }
      const survey = emptyCollectionSurvey();
      const suspects = yield* surveyCollection(pass, ns, survey);
      const { database, table } = named[i]!;
      const plan = planTable(ns.namespace, database, table, survey);
      const duplicates =
        suspects.size === 0
          ? ns.parts.map(() => new Set<number>())
          : yield* findDuplicates(pass, ns, plan, suspects);
      const written = yield* writeTable(pass, ns, plan, directories[i]!, duplicates);
      const indexes = planIndexes(plan, await sourceIndexes(options, ns));
      tables.push(tableOf(plan, written, indexes));
      mapped.push(namespaceOf(ns, written));
    }
    await completeFolder(options.folder, {
      sourceManifestSha256: source.sha256,
      profile: "generic",
      namespaces: mapped,
      tables,
      startedAt,
      version: options.version,
      encryption,
    });
    yield { kind: "account", accounts: mapped.map((m) => accountOf(m, tables)) };
  } finally {
    await pool.close();
  }
}

function accountOf(ns: MysqlNamespace, tables: readonly MysqlTable[]): Account {
  return {
    ...linesAccount(ns),
    tables: tables
      .filter((t) => t.namespace === ns.namespace)
      .map((t) => ({ table: t.table, rows: t.digest.rowCount })),
  };
}

/** Tables of MySQL keep their names. */
function ownNames(namespaces: readonly SourceNamespace[]): NamedTable[] {
  return namespaces.map(({ namespace, database, collection }) => ({
    namespace,
    database,
    table: collection,
  }));
}

/** Folders named as the tables; where two databases have one name, or it is one of ours, with the database in front. */
function tableDirectories(named: readonly NamedTable[]): string[] {
  const count = new Map<string, number>();
  for (const { table } of named) count.set(table, (count.get(table) ?? 0) + 1);
  return named.map(({ database, table }) =>
    safeName(count.get(table) === 1 && table !== "quarantine" ? table : `${database}.${table}`),
  );
}

/** Folders that tell nothing. */
function numbered(named: readonly NamedTable[]): string[] {
  return named.map((_, i) => String(i).padStart(5, "0"));
}

async function sourceIndexes(
  { archive, identities }: TransformOptions,
  ns: SourceNamespace,
): Promise<SourceIndex[]> {
  const { indexTexts } = await readCollectionFile(archive, ns, identities);
  return indexTexts.map((text) => {
    const fields = [...textFields(textFields(text).get("key") ?? "{}")];
    const key = new Map(fields.map(([name, value]): [string, unknown] => [name, JSON.parse(value)]));
    return { ...(JSON.parse(text) as Omit<SourceIndex, "key">), key };
  });
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}

async function emptyFolder(folder: string): Promise<void> {
  try {
    // The manifest goes first: a folder that is half removed must not look whole.
    await rm(join(folder, MANIFEST), { force: true });
    for (const name of await readdir(folder))
      if (!name.startsWith(LOCK)) await rm(join(folder, name), { recursive: true, force: true });
  } catch (error) {
    throw diskFault(error, folder);
  }
}
