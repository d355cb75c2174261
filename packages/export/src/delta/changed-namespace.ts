import { readSmallFile, type Change, type SourceNamespace } from "@firebreak/archive";
import type { ChainListing } from "@firebreak/items";
import type { ChainReading } from "./comparison/chain-lines.ts";
import type { WrittenChanges } from "./change-writer.ts";
import { writeDefinition } from "./delta-folder.ts";
import type { DeltaTarget } from "./delta-source.ts";

/** A namespace as its source describes it. */
export type NamedNamespace = Pick<
  SourceNamespace,
  "namespace" | "database" | "collection" | "kind" | "hasMemberNumbers"
>;

/** The change of a namespace, the content of its `collection.json`, and the files that are written. */
interface NamespaceChange extends Partial<WrittenChanges> {
  readonly change: Change;
  readonly text: string;
}

/**
 * Returns the manifest's entry for a changed namespace, and writes its `collection.json`.
 *
 * @param index distinguishes folders if names are hidden.
 */
export async function changedNamespace(
  target: DeltaTarget,
  { namespace, database, collection, kind, hasMemberNumbers }: NamedNamespace,
  index: number,
  { change, text, parts, deletes, expired }: NamespaceChange,
): Promise<SourceNamespace> {
  const written = await writeDefinition(target, { database, collection }, index, text);
  const lineCount = (parts ?? []).reduce((sum, p) => sum + p.lineCount, 0);
  return {
    namespace,
    database,
    collection,
    kind,
    ...(hasMemberNumbers === undefined ? {} : { hasMemberNumbers }),
    ...written,
    documentCount: lineCount,
    lineCount,
    parts: [...(parts ?? [])],
    change,
    ...(deletes === undefined || deletes.length === 0 ? {} : { deletes: [...deletes] }),
    ...(expired === undefined || expired.length === 0 ? {} : { expired: [...expired] }),
  };
}

/** Returns the manifest's entry for a dropped namespace. */
export async function droppedNamespace(
  target: DeltaTarget,
  last: ChainListing,
  index: number,
): Promise<SourceNamespace> {
  const text = await metadataText(last, target);
  return changedNamespace(target, last.entry, index, { change: "dropped", text });
}

/** Returns the content of a `collection.json`. */
export async function metadataText(
  { folder, entry }: ChainListing,
  { identities }: ChainReading,
): Promise<string> {
  return (await readSmallFile(folder, entry.metadata, identities)).toString("utf8");
}

export function hasChanges({ parts, deletes, expired }: WrittenChanges): boolean {
  return parts.length + deletes.length + expired.length > 0;
}
