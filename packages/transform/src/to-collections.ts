import {
  accountEvent,
  linesAccount,
  readTableFile,
  type Account,
  type MongodbCollection,
  type MysqlNamespace,
} from "@firebreak/archive";
import { planCollections, type CollectionPlan, type DescribedTable } from "./documents-plan.ts";
import { collectionDirectories, collectionOf, completeMongodbFolder } from "./mongodb-folder.ts";
import { namespaceOf } from "./mysql-folder.ts";
import { databasesNotCarried } from "./not-carried.ts";
import { writeCollection, type Pass } from "./passes.ts";
import type { FolderTask } from "./transform.ts";
import type { TransformEvent } from "./transform-notes.ts";

/**
 * Makes documents of the rows of a MySQL archive, in one pass, because the tables' descriptions define the
 * documents. Tables that were made of collections become the original documents again. Other tables get
 * documents of their own, with the table's facts in the collection.
 */
export async function* toCollections(task: FolderTask): AsyncGenerator<TransformEvent> {
  const { source } = task;
  const { manifest, encryption } = source;
  const { archive, folder, keys } = task.pass;
  const namespaces = manifest.namespaces.filter((n) => n.kind !== "view");
  const totalLines = namespaces.reduce((sum, n) => sum + n.lineCount, 0);
  const pass: Pass = { ...task.pass, totalLines, totalIs: "known" };
  const tables: DescribedTable[] = [];
  for (const ns of namespaces) tables.push({ ns, table: await readTableFile(archive, ns, keys.identities) });
  const plans = planCollections(tables);
  const directories = collectionDirectories(plans, encryption);
  const collections: MongodbCollection[] = [];
  const mapped: MysqlNamespace[] = [];
  for (const [i, ns] of namespaces.entries()) {
    const plan = plans[i]!;
    const written = yield* writeCollection(pass, ns, plan.rule, directories[i]!);
    collections.push(await collectionOf(folder, directories[i]!, plan, written, encryption?.recipients));
    mapped.push(namespaceOf(ns, written, plan.notCarried));
  }
  const databases = await databasesNotCarried(task, "mongodb");
  await completeMongodbFolder(folder, {
    sourceManifestSha256: source.sha256,
    profile: "generic",
    namespaces: mapped,
    collections,
    databases,
    startedAt: task.startedAt,
    version: task.version,
    encryption,
  });
  yield accountEvent(
    mapped.map((m, i) => accountOf(m, plans[i]!)),
    { databases },
  );
}

/** Reports how a table's lines were used, and the collection that they went to. */
export function accountOf(
  ns: MysqlNamespace,
  { database, collection }: Pick<CollectionPlan, "database" | "collection">,
): Account {
  const target = `${database}.${collection}`;
  return { ...linesAccount(ns), ...(target === ns.namespace ? {} : { target }) };
}
