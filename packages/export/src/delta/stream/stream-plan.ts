import { isSystemDatabase } from "@firebreak/archive";
import type { ChainNamespace } from "@firebreak/items";
import type { Namespace } from "@firebreak/mongodb";

/** The work for one namespace of a delta by change stream. */
export type StreamTask =
  | { readonly kind: "dropped"; readonly known: ChainNamespace }
  /** Writes all documents, whatever the chain has. */
  | { readonly kind: "whole"; readonly ns: Namespace }
  /** Writes the touched keys. */
  | { readonly kind: "touched"; readonly ns: Namespace }
  /** Writes no documents: only options or indexes changed, or it is a view. */
  | { readonly kind: "defined"; readonly ns: Namespace }
  /** Writes what a comparison finds: change streams do not report on this database. */
  | { readonly kind: "unstreamed"; readonly ns: Namespace; readonly known: ChainNamespace | undefined }
  /** Writes all documents if the content differs: such a collection produces no events. */
  | {
      readonly kind: "compared";
      readonly ns: Namespace;
      readonly known: ChainNamespace;
      readonly isRedefined: boolean;
    };

/** The known facts about changes, by namespace. */
export interface StreamFacts {
  readonly known: ReadonlyMap<string, ChainNamespace>;
  readonly listed: readonly Namespace[];
  readonly isReplaced: (database: string, namespace: string) => boolean;
  readonly isTouched: (namespace: string) => boolean;
  /** Returns true if options or indexes differ from the chain's. */
  readonly isRedefined: (namespace: string) => boolean;
}

export function planStreamDelta(facts: StreamFacts): StreamTask[] {
  const { known, listed } = facts;
  const names = new Set(listed.map((ns) => ns.namespace));
  const dropped = [...known.values()].filter(({ last }) => !names.has(last.entry.namespace));
  return [
    ...dropped.map((gone): StreamTask => ({ kind: "dropped", known: gone })),
    ...listed.flatMap((ns) => taskOf(ns, facts)),
  ];
}

function taskOf(ns: Namespace, { known, isReplaced, isTouched, isRedefined }: StreamFacts): StreamTask[] {
  const before = known.get(ns.namespace);
  if (isSystemDatabase(ns.database)) return [{ kind: "unstreamed", ns, known: before }];
  if (before === undefined || before.last.entry.kind !== ns.kind) return [{ kind: "whole", ns }];
  const redefined: StreamTask[] = isRedefined(ns.namespace) ? [{ kind: "defined", ns }] : [];
  if (ns.kind === "view") return redefined;
  if (isReplaced(ns.database, ns.namespace)) return [{ kind: "whole", ns }];
  if (ns.kind === "timeseries")
    return [{ kind: "compared", ns, known: before, isRedefined: redefined.length > 0 }];
  if (!isTouched(ns.namespace)) return redefined;
  // A capped collection produces no events for the documents that it pushes out.
  return [{ kind: ns.kind === "capped" ? "whole" : "touched", ns }];
}

/**
 * Returns the namespaces of the chain that are no longer listed although no event says that they were dropped
 * or renamed: most likely the user may no longer see them. Views and time-series collections are left out,
 * since not every server reports their drops. So are the server's own databases, such as `admin`, since no
 * server reports drops there; if the user may not look, the listing fails.
 */
export function unseen({ known, listed, isReplaced }: StreamFacts): string[] {
  const names = new Set(listed.map((ns) => ns.namespace));
  return [...known.values()]
    .map(({ last }) => last.entry)
    .filter(({ namespace, database, kind }) => {
      const isTold = kind !== "view" && kind !== "timeseries" && !isSystemDatabase(database);
      return isTold && !names.has(namespace) && !isReplaced(database, namespace);
    })
    .map(({ namespace }) => namespace);
}
