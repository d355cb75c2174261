import { namespaceTest, type NamespaceFilter } from "./namespace-filter.ts";
import { isSystemDatabase, systemKind, type SystemKind } from "./system-collections.ts";

/** The database whose collections belong to one member of a replica set alone. */
const LOCAL = "local";

/** Why collections are not in an export although the filter lets them through. */
export type LeftOutReason = SystemKind | "local" | "forbidden" | "ledger";

/** Collections that an export leaves out, and why. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  /** Sorted; of databases that the user may not look into `database.*`. */
  readonly namespaces: readonly string[];
  /** The globs of the filter, for saying what would take them in. */
  readonly include: readonly string[];
}

/** The decision of an export on a collection. `quiet` means that it is MongoDB's own and nobody asked for it. */
export type Choice = "wanted" | "unwanted" | "quiet" | Exclude<LeftOutReason, "forbidden" | "ledger">;

/** Whether a filter asks for a database by its name, rather than by a glob that matches it too. */
export function asksFor({ include }: NamespaceFilter, database: string): boolean {
  return include.some((glob) => glob.startsWith(`${database}.`));
}

/**
 * Decides what an export does with each collection of a MongoDB server, or of a dump of one.
 *
 * MongoDB's own collections never come along. Those of people in `local` come only where they
 * are asked for: they are not replicated, so that another member has others.
 *
 * @param urlDatabase the only database that is looked at, if so: that asks for it, too.
 */
export function sourceSelection(
  filter: NamespaceFilter,
  urlDatabase?: string,
): (database: string, collection: string) => Choice {
  const isWanted = namespaceTest(filter);
  const isAsked = (database: string): boolean => database === urlDatabase || asksFor(filter, database);
  return (database, collection) => {
    if (!isWanted(`${database}.${collection}`)) return "unwanted";
    const kind = systemKind(database, collection);
    if (kind === "server") return isServerAsked(filter, database, collection) ? "server" : "quiet";
    if (kind !== undefined) return kind;
    return database === LOCAL && !isAsked(database) ? "local" : "wanted";
  };
}

/** Gathers what is left out, by reason; a namespace may be told more than once. */
export class LeftOutTally {
  readonly #namespaces = new Map<LeftOutReason, Set<string>>();

  add(reason: LeftOutReason, namespace: string): void {
    const before = this.#namespaces.get(reason);
    if (before === undefined) this.#namespaces.set(reason, new Set([namespace]));
    else before.add(namespace);
  }

  /** Takes note of a collection that is not wanted for a reason that a person should know. */
  addChoice(choice: Choice, namespace: string): void {
    switch (choice) {
      case "wanted":
      case "unwanted":
      case "quiet":
        return;
      case "access":
      case "functions":
      case "server":
      case "local":
        this.add(choice, namespace);
    }
  }

  found({ include }: NamespaceFilter): LeftOut[] {
    return [...this.#namespaces].map(([reason, namespaces]) => ({
      reason,
      namespaces: [...namespaces].sort(),
      include,
    }));
  }
}

/** Whoever names `admin`, say, is told which of its collections are the server's own. */
function isServerAsked(filter: NamespaceFilter, database: string, collection: string): boolean {
  if (filter.include.includes(`${database}.${collection}`)) return true;
  // Views and time-series collections consist of these, and are exported as what they are.
  const isInner = collection === "system.views" || collection.startsWith("system.buckets.");
  return isSystemDatabase(database) && asksFor(filter, database) && !isInner;
}
