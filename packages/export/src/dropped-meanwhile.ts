import { hasIdle, notCarried, type MadeDatabase } from "@firebreak/archive";
import { exportedNamespaces } from "./complete-archive.ts";
import type { ExportProgress } from "./export-progress.ts";
import type { Note } from "./export-notes.ts";
import type { ExportSource, TaskOptions } from "./export-source.ts";

/** The collections that the export began with and that the archive lacks, in whole or in part. */
export interface DroppedMeanwhile {
  readonly notes: readonly Note[];
  readonly notCarried: readonly MadeDatabase[];
}

/**
 * Finds the collections that were dropped or renamed while they were exported.
 *
 * An archive of one moment rightly lacks a collection that was dropped before that moment; a note says so.
 * Such a collection counts as not carried over if nothing is left of what a glob asked for. In any other
 * archive a dropped collection is incomplete, and nobody can complete it.
 *
 * @throws {FirebreakError} of the source.
 */
export async function droppedMeanwhile(
  source: ExportSource,
  progress: ExportProgress,
  options: Pick<TaskOptions, "giveUpAfterMs"> & { readonly include: readonly string[] },
): Promise<DroppedMeanwhile> {
  const exported = exportedNamespaces(progress);
  if (progress.closed === undefined) {
    const present = await presentNamespaces(source, progress, options);
    const dropped = exported.filter((n) => !present.has(n.namespace));
    return {
      notes: dropped.map(({ namespace, documentCount }) => ({
        kind: "note",
        code: "collection-vanished",
        fields: { namespace, documents: documentCount },
      })),
      notCarried: notCarriedOf(dropped, "dropped-amid"),
    };
  }
  const there = new Set(exported.map((n) => n.namespace));
  const dropped = progress.plans.filter((p) => !there.has(p.namespace));
  if (dropped.length === 0) return { notes: [], notCarried: [] };
  const namespaces = dropped.map((p) => p.namespace);
  const isMissed = there.size === 0 || hasIdle(options.include, [...there]);
  return {
    notes: [{ kind: "note", code: "dropped-before-moment", fields: { place: source.place, namespaces } }],
    notCarried: isMissed ? notCarriedOf(dropped, "dropped-before") : [],
  };
}

/** Returns the planned namespaces that the source still has. */
export async function presentNamespaces(
  source: ExportSource,
  progress: ExportProgress,
  options: Pick<TaskOptions, "giveUpAfterMs">,
): Promise<ReadonlySet<string>> {
  const databases = [...new Set(progress.plans.map((p) => p.database))];
  const names = await source.namesNow?.(databases, options);
  return new Set(names ?? source.collections.map((c) => c.namespace));
}

function notCarriedOf(
  dropped: readonly { readonly database: string; readonly collection: string }[],
  reason: "dropped-amid" | "dropped-before",
): MadeDatabase[] {
  return [...Map.groupBy(dropped, (d) => d.database)].map(([database, collections]) => ({
    database,
    notCarried: collections.map((c) => notCarried("collection", c.collection, reason)),
  }));
}
