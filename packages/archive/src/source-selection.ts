import { isSystemDatabase, systemKind, type SystemKind } from "./system-collections.ts";
import { closest } from "fastest-levenshtein";
import { archiveFault } from "./archive-faults.ts";

/** A choice of namespaces: globs on `db.collection`, where `*` is any run of letters and `?` any one. */
export interface NamespaceFilter {
  readonly include: readonly string[];
  readonly exclude: readonly string[];
}

/** Makes the test for a filter's globs; without include globs every namespace passes. */
export function namespaceTest({ include, exclude }: NamespaceFilter): (namespace: string) => boolean {
  const included = include.map(globExpression);
  const excluded = exclude.map(globExpression);
  return (namespace) =>
    (included.length === 0 || included.some((g) => g.test(namespace))) &&
    !excluded.some((g) => g.test(namespace));
}

/** An include glob that matches nothing, with the name that is most like it. */
export interface IdleGlob {
  readonly glob: string;
  readonly nearest: string | undefined;
}

/** Returns the globs that match none of these names. */
export function idleGlobs(include: readonly string[], names: readonly string[]): IdleGlob[] {
  return include
    .filter((glob) => hasIdle([glob], names))
    .map((glob) => ({ glob, nearest: names.length === 0 ? undefined : closest(glob, names) }));
}

/** Returns true if at least one glob matches none of these names. */
export function hasIdle(include: readonly string[], names: readonly string[]): boolean {
  return include.map(globExpression).some((expression) => !names.some((name) => expression.test(name)));
}

/**
 * Refuses an include glob that matches nothing. Beside globs that match, a misspelt one would silently leave
 * out its namespaces.
 *
 * @param names all names that exist, whatever else the filter says.
 * @param place the place of these names, for the message.
 * @throws {FirebreakError} `include-idle`, with the name that is most like the glob.
 */
export function refuseIdle(include: readonly string[], names: readonly string[], place: string): void {
  const [idle] = idleGlobs(include, names);
  if (idle !== undefined) throw archiveFault("include-idle", { ...idle, place });
}

function globExpression(glob: string): RegExp {
  const escaped = glob.replace(/[\\^$.|+()[\]{}]/g, "\\$&");
  return new RegExp(`^${escaped.replaceAll("*", ".*").replaceAll("?", ".")}$`, "su");
}

/** The database whose collections belong to one member of a replica set alone. */
const LOCAL = "local";

/** A reason why an export leaves a collection out although the filter lets it through. */
export type LeftOutReason = SystemKind | "local" | "forbidden" | "ledger";

/** Collections that an export leaves out for one reason. */
export interface LeftOut {
  readonly reason: LeftOutReason;
  /** Sorted. A database that the user may not look into is `database.*`. */
  readonly namespaces: readonly string[];
  /** The globs of the filter, so that a message can say what would include them. */
  readonly include: readonly string[];
}

/**
 * The decision of an export on a collection. `quiet` means that it is MongoDB's own and nobody asked for it.
 */
export type Choice = "wanted" | "unwanted" | "quiet" | Exclude<LeftOutReason, "forbidden" | "ledger">;

/**
 * Returns true if a filter asks for a database by its name. A glob that only matches the database does not
 * count.
 */
export function asksFor({ include }: NamespaceFilter, database: string): boolean {
  return include.some((glob) => glob.startsWith(`${database}.`));
}

/**
 * Decides what an export does with each collection of a MongoDB server, or of a dump of one.
 *
 * The export never takes MongoDB's own collections. It takes people's collections in `local` only on request:
 * they are not replicated, so another member has others.
 *
 * @param urlDatabase the only database that the export reads, if there is such; this asks for it, too.
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

/** Gathers the collections left out, by reason; a namespace may be added more than once. */
export class LeftOutTally {
  readonly #namespaces = new Map<LeftOutReason, Set<string>>();

  add(reason: LeftOutReason, namespace: string): void {
    const before = this.#namespaces.get(reason);
    if (before === undefined) this.#namespaces.set(reason, new Set([namespace]));
    else before.add(namespace);
  }

  /** Adds a collection if a person should know why it is not in the export. */
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

/**
 * Returns true if the person asked for this collection of the server. Whoever names `admin`, say, is told
 * which of its collections are the server's own.
 */
function isServerAsked(filter: NamespaceFilter, database: string, collection: string): boolean {
  if (filter.include.includes(`${database}.${collection}`)) return true;
  // Views and time-series collections are made of these, and the export has them as views and time series.
  const isInner = collection === "system.views" || collection.startsWith("system.buckets.");
  return isSystemDatabase(database) && asksFor(filter, database) && !isInner;
}
