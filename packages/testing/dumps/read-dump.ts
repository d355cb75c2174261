import type { SourceCollection } from "@firebreak/archive";
import { openDump } from "@firebreak/mongodump";

export interface ReadCollection extends SourceCollection {
  /** As hex. */
  readonly documents: readonly string[];
}

/** All of a dump that the globs let through, read as an export reads it. */
export async function readDump(path: string, include: readonly string[] = []): Promise<ReadCollection[]> {
  const dump = await openDump(path, { include, exclude: [] });
  const documents = new Map<string, string[]>();
  const ended = new Set<string>();
  for (const group of dump.readingGroups(dump.collections.map((c) => c.namespace)))
    for await (const batch of dump.read(group)) {
      if (ended.has(batch.namespace)) throw new Error(`${batch.namespace} went on after its last batch`);
      if (batch.isLast) ended.add(batch.namespace);
      const found = documents.get(batch.namespace) ?? [];
      documents.set(batch.namespace, [...found, ...batch.documents.map((d) => d.toString("hex"))]);
    }
  return dump.collections.map(({ namespace, database, collection, kind, optionsText, indexTexts }) => {
    if (!ended.has(namespace)) throw new Error(`${namespace} has no last batch`);
    return {
      namespace,
      database,
      collection,
      kind,
      optionsText,
      indexTexts,
      documents: documents.get(namespace)!,
    };
  });
}
