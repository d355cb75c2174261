import {
  accountEvent,
  linesAccount,
  notCarried,
  readCollectionFile,
  readTableFile,
  apartName,
  apartNames,
  type Account,
  type CollectionTexts,
  type MysqlNamespace,
  type MysqlTable,
  type NotCarried,
  type SourceNamespace,
} from "@firebreak/archive";
import { collectionToTable, type WrittenTable } from "./collection-to-table.ts";
import { completeFolder, namespaceOf, ownTableOf } from "./mysql-folder.ts";
import { databasesNotCarried, optionsNotCarried } from "./not-carried.ts";
import { planOwnTable, type OwnTablePlan } from "./own-table-plan.ts";
import type { Pass } from "./passes.ts";
import { METADATA_OPTIONS, tableMetadata, type TableMetadata } from "./table-metadata.ts";
import { nameTables, type NamedTable } from "./table-names.ts";
import { writeTable } from "./table-passes.ts";
import type { FolderTask } from "./transform.ts";
import type { TransformEvent } from "./transform-notes.ts";

/**
 * Makes CSV that MySQL can load, DDL and digests. A table of MySQL becomes itself again, and so does a
 * collection that was made of one, because their descriptions define them. For any other collection, a survey
 * of all documents comes first.
 */
export async function* toTables(task: FolderTask): AsyncGenerator<TransformEvent> {
  const { source } = task;
  const namespaces = source.manifest.namespaces.filter((n) => n.kind !== "view");
  const { mapped, tables } = yield* genericTables(task, namespaces);
  const databases = await databasesNotCarried(task, "mysql");
  await completeFolder(task.pass.folder, {
    sourceManifestSha256: source.sha256,
    profile: "generic",
    namespaces: mapped,
    tables,
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption: source.encryption,
  });
  yield accountEvent(
    mapped.map((m) => accountOf(m, tables)),
    { databases },
  );
}

/** The names of tables and their folders, if they are already known. */
interface GivenNames {
  readonly names?: readonly NamedTable[];
  readonly directories?: readonly string[];
  /** The subfolder for the tables' folders, with its slash. It keeps them apart from other folders. */
  readonly below?: string;
}

/** Writes the rows of namespaces by the generic mapping. */
export async function* genericTables(
  task: FolderTask,
  namespaces: readonly SourceNamespace[],
  given: GivenNames = {},
): AsyncGenerator<TransformEvent, { mapped: MysqlNamespace[]; tables: MysqlTable[] }> {
  const { encryption } = task.source;
  const described = await describeTables(task, namespaces);
  const lineCount = namespaces.reduce(
    (sum, n, i) => sum + n.lineCount * (described[i] === undefined ? 2 : 1),
    0,
  );
  const pass = { ...task.pass, totalLines: task.pass.counters.items + lineCount };
  const tables: MysqlTable[] = [];
  const mapped: MysqlNamespace[] = [];
  const { names = nameTables(namespaces), below = "" } = given;
  const named = names.map((name, i) => described[i] ?? name);
  const folders =
    given.directories ?? (encryption?.names === "hidden" ? numbered(named) : tableDirectories(named));
  const directories = folders.map((folder) => `${below}${folder}`);
  for (const [i, ns] of namespaces.entries()) {
    const own = described[i];
    const made =
      own === undefined
        ? yield* collectionToTable(pass, ns, names[i]!, directories[i]!, task.targetFacts)
        : yield* tableAgain(pass, ns, own, directories[i]!);
    tables.push(made.table);
    mapped.push(namespaceOf(ns, made.written, made.notCarried));
  }
  return { mapped, tables };
}

async function* tableAgain(
  pass: Pass,
  ns: SourceNamespace,
  own: DescribedPlan,
  directory: string,
): AsyncGenerator<TransformEvent, WrittenTable> {
  const written = yield* writeTable(pass, ns, own.plan, directory);
  return { written, table: ownTableOf(own.plan, written), notCarried: own.notCarried };
}

/** A table that is known before its lines are read. */
interface DescribedPlan extends NamedTable {
  readonly plan: OwnTablePlan;
  readonly notCarried: readonly NotCarried[];
}

/** Returns each namespace's plan by its description. Undefined for collections that never were a table. */
export async function describeTables(
  { source, pass }: Pick<FolderTask, "source" | "pass">,
  namespaces: readonly SourceNamespace[],
): Promise<(DescribedPlan | undefined)[]> {
  const { archive, keys } = pass;
  const described: (DescribedPlan | undefined)[] = [];
  for (const ns of namespaces) {
    if (source.manifest.source.kind === "mysql") {
      const table = await readTableFile(archive, ns, keys.identities);
      const plan = planOwnTable(ns, table);
      const triggers = table.triggers.map(({ name }) => notCarried("trigger", name, "restore-only"));
      described.push({ ...plan, plan, notCarried: triggers });
      continue;
    }
    const texts = await readCollectionFile(archive, ns, keys.identities);
    described.push(describedAgain(ns, texts, tableMetadata(texts.optionsText)));
  }
  return described;
}

/**
 * Returns the plan of the table that a collection's documents came from. Returns undefined if the options
 * describe no table, or the collection has been renamed since. After a rename, two collections may stem from
 * one table, so it counts as any other collection.
 */
function describedAgain(
  ns: SourceNamespace,
  { optionsText, indexTexts }: CollectionTexts,
  metadata: TableMetadata | undefined,
): DescribedPlan | undefined {
  if (metadata === undefined || metadata.target.collection !== ns.collection) return undefined;
  const { database, name, target, table } = metadata;
  const isAtHome = ns.database === target.database;
  const place = { namespace: ns.namespace, database: isAtHome ? database : ns.database, collection: name };
  const plan = planOwnTable(place, table, metadata);
  const known = new Set(["_id_", ...table.indexes.map((index) => index.name)]);
  const later = indexTexts
    .map((text) => (JSON.parse(text) as { name: string }).name)
    .filter((index) => !known.has(index));
  // Only the restore of a whole MySQL executes statements of the source.
  const triggers = table.triggers.map((t) => notCarried("trigger", t.name, "kept-in-options"));
  return {
    ...plan,
    plan,
    notCarried: [
      ...later.map((index) => notCarried("index", index, "own-statement")),
      ...triggers,
      ...optionsNotCarried(optionsText, METADATA_OPTIONS),
    ],
  };
}

function accountOf(ns: MysqlNamespace, tables: readonly MysqlTable[]): Account {
  return {
    ...linesAccount(ns),
    tables: tables
      .filter((t) => t.namespace === ns.namespace)
      .map((t) => ({ table: t.table, rows: t.digest.rowCount, extra: t.extra })),
  };
}

/** Names each folder after its table. If two databases have that table, the database's name comes first. */
export function tableDirectories(named: readonly NamedTable[]): string[] {
  const count = new Map<string, number>();
  for (const { table } of named) count.set(table, (count.get(table) ?? 0) + 1);
  return named.map(({ database, table }) =>
    count.get(table) === 1 ? apartName(table) : apartNames(database, table),
  );
}

/** Returns folder names that reveal nothing. */
function numbered(named: readonly unknown[]): string[] {
  return named.map((_, i) => String(i).padStart(5, "0"));
}
