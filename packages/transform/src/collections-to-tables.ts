import {
  linesAccount,
  readCollectionFile,
  safeName,
  textFields,
  type Account,
  type MysqlNamespace,
  type MysqlTable,
  type SourceNamespace,
  type StepEvent,
} from "@firebreak/archive";
import { emptyCollectionSurvey } from "./collection-survey.ts";
import { planIndexes, type SourceIndex } from "./index-plan.ts";
import { completeFolder, namespaceOf, tableOf } from "./mysql-folder.ts";
import { findDuplicates, surveyCollection, writeTable, type Pass } from "./passes.ts";
import { nameTables, type NamedTable } from "./table-names.ts";
import { planTable } from "./table-plan.ts";
import type { FolderTask } from "./transform.ts";

/**
 * Makes MySQL-ready CSV, DDL and digests of documents: a survey of all of them
 * first, then a table for each collection.
 */
export async function* collectionsToTables(task: FolderTask): AsyncGenerator<StepEvent> {
  const { source } = task;
  const { encryption } = source;
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view");
  // Documents are surveyed first.
  const pass = { ...task.pass, totalLines: namespaces.reduce((sum, n) => sum + n.lineCount, 0) * 2 };
  const tables: MysqlTable[] = [];
  const mapped: MysqlNamespace[] = [];
  const named = nameTables(namespaces);
  const directories = encryption?.names === "hidden" ? numbered(named) : tableDirectories(named);
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
    const indexes = planIndexes(plan, await sourceIndexes(pass, ns));
    tables.push(tableOf(plan, written, indexes, ns.collection));
    mapped.push(namespaceOf(ns, written));
  }
  await completeFolder(pass.folder, {
    sourceManifestSha256: source.sha256,
    profile: "generic",
    namespaces: mapped,
    tables,
    startedAt: task.startedAt,
    version: task.version,
    encryption,
  });
  yield { kind: "account", accounts: mapped.map((m) => accountOf(m, tables)) };
}

function accountOf(ns: MysqlNamespace, tables: readonly MysqlTable[]): Account {
  return {
    ...linesAccount(ns),
    tables: tables
      .filter((t) => t.namespace === ns.namespace)
      .map((t) => ({ table: t.table, rows: t.digest.rowCount })),
  };
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

async function sourceIndexes({ archive, keys }: Pass, ns: SourceNamespace): Promise<SourceIndex[]> {
  const { indexTexts } = await readCollectionFile(archive, ns, keys.identities);
  return indexTexts.map((text) => {
    const fields = [...textFields(textFields(text).get("key") ?? "{}")];
    const key = new Map(fields.map(([name, value]): [string, unknown] => [name, JSON.parse(value)]));
    return { ...(JSON.parse(text) as Omit<SourceIndex, "key">), key };
  });
}
