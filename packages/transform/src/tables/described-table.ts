import {
  notCarried,
  readCollectionFile,
  readTableFile,
  type CollectionTexts,
  type NotCarried,
  type SourceNamespace,
  asObject,
} from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import { optionsNotCarried } from "../not-carried.ts";
import { planOriginalTable, type OriginalTablePlan } from "./original-table-plan.ts";
import { METADATA_OPTIONS, tableMetadata, type TableMetadata } from "../collections/table-metadata.ts";
import type { NamedTable } from "./table-names.ts";

/** A table that is known before its lines are read. */
export interface DescribedPlan extends NamedTable {
  readonly plan: OriginalTablePlan;
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
      const plan = planOriginalTable(ns, table);
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
  const plan = planOriginalTable(place, table, metadata);
  const known = new Set(["_id_", ...table.indexes.map((index) => index.name)]);
  const later = indexTexts
    .map((text) => String(asObject(JSON.parse(text))["name"]))
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
