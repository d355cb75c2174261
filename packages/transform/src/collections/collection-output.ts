import {
  readTableFile,
  type MongodbCollection,
  type SourceNamespace,
  type SourceTable,
} from "@firebreak/archive";
import { planCollections, type CollectionPlan, type DescribedTable } from "./documents-plan.ts";
import type { FolderTask } from "../folder-task.ts";
import type { DocumentMapping } from "../lines/mapping.ts";
import { writeNamespace, type Pass } from "../lines/passes.ts";
import { collectionDirectories, collectionOf, completeMongodbFolder } from "./mongodb-folder.ts";
import { useOf, type Made, type Output, type PlannedTarget } from "../output.ts";
import type { TransformEvent } from "../transform-notes.ts";

/**
 * Collections for MongoDB, made in one reading of rows, because the tables' descriptions define the documents.
 * Tables that were made of collections become the original documents again. Other tables get documents of
 * their own, with the table's facts in the collection.
 */
export const COLLECTIONS: Output<MongodbCollection> = {
  to: "mongodb",
  items: "documents",
  isReadOnce: true,
  async plan(task, namespaces) {
    const described = await describedTables(task, namespaces);
    const plans = planCollections(described);
    const directories = collectionDirectories(plans, task.source.encryption);
    return namespaces.map(
      (ns, i) => new TableToCollection(ns, directories[i]!, plans[i]!, described[i]!.table),
    );
  },
  complete: completeMongodbFolder,
  targetAccount({ namespace }, collections) {
    const { database, collection } = collections.find((c) => c.namespace === namespace)!;
    const target = `${database}.${collection}`;
    return target === namespace ? {} : { target };
  },
};

/** Reads the descriptions of tables. */
export async function describedTables(
  { pass }: Pick<FolderTask, "pass">,
  namespaces: readonly SourceNamespace[],
): Promise<DescribedTable[]> {
  const tables: DescribedTable[] = [];
  for (const ns of namespaces)
    tables.push({ ns, table: await readTableFile(pass.archive, ns, pass.keys.identities) });
  return tables;
}

/** Makes a collection of a table by its plan. */
export class TableToCollection implements PlannedTarget<MongodbCollection> {
  readonly ns: SourceNamespace;
  readonly directory: string;
  readonly readings = 1;
  readonly plan: CollectionPlan;
  readonly table: SourceTable;

  constructor(ns: SourceNamespace, directory: string, plan: CollectionPlan, table: SourceTable) {
    this.ns = ns;
    this.directory = directory;
    this.plan = plan;
    this.table = table;
  }

  get mapping(): Extract<DocumentMapping, { readonly by: "plan" }> {
    return { to: "documents", by: "plan", namespace: this.ns.namespace, rule: this.plan.rule };
  }

  async *write(pass: Pass): AsyncGenerator<TransformEvent, Made<MongodbCollection>> {
    const { ns, directory, plan, mapping } = this;
    const written = yield* writeNamespace(pass, ns, { mapping, directory });
    const items = written.flatMap((w) => w.items);
    return {
      entry: await collectionOf(pass, directory, plan, items),
      use: useOf(ns, written, plan.notCarried),
    };
  }
}
