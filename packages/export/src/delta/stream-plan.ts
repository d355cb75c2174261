import { isSystemDatabase, type ChainNamespace } from "@firebreak/archive";
import type { Namespace } from "@firebreak/mongodb";

/** What is to be done for one namespace of a delta by change stream. */
export type StreamTask =
  | { readonly kind: "dropped"; readonly known: ChainNamespace }
  /** All of it, whatever the chain has. */
  | { readonly kind: "whole"; readonly ns: Namespace }
  /** The touched keys. */
  | { readonly kind: "touched"; readonly ns: Namespace }
  /** No documents: other options or indexes alone, or a view. */
  | { readonly kind: "defined"; readonly ns: Namespace }
  /** What a comparison finds: of databases that change streams do not tell of. */
  | { readonly kind: "unstreamed"; readonly ns: Namespace; readonly known: ChainNamespace | undefined }
  /** All of it where the content differs: of what makes no events. */
  | {
      readonly kind: "compared";
      readonly ns: Namespace;
      readonly known: ChainNamespace;
      readonly isRedefined: boolean;
    };

/** What is known of changes, by namespace. */
export interface StreamFacts {
  readonly known: ReadonlyMap<string, ChainNamespace>;
  readonly listed: readonly Namespace[];
  readonly isReplaced: (database: string, namespace: string) => boolean;
  readonly isTouched: (namespace: string) => boolean;
  /** Whether options or indexes are others than the chain says. */
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
  // What a capped collection pushes out makes no events.
  return [{ kind: ns.kind === "capped" ? "whole" : "touched", ns }];
}

/**
 * Namespaces of the chain that are no longer seen though nothing says that they
 * were dropped or renamed: rather the user may not see them any more. Of views and time-series
 * collections not every server tells it, and of `admin`, say, none does: there the listing fails where the
 * user may not look.
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
