import type { ExtraCount } from "./manifest/extra-values.ts";
import type { MadeDatabase, NotCarried } from "./manifest/not-carried.ts";
import type { MysqlNamespace } from "./manifest/mysql-manifest.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import type { Change } from "./manifest/schema-parts.ts";

/**
 * The row-accounting equation per namespace and table, as every command reports it. A command leaves out the
 * fields that it does not know.
 *
 *     documents read = lines written = lines read
 *     lines read     = documents mapped + quarantined + skipped by rule + collapsed duplicates
 *     rows written   = rows loaded + rows quarantined at load (+ rows present before, where they were merged)
 *     rows loaded    = rows digested in the target
 */
export interface Account {
  readonly namespace: string;
  /** The name that its documents got in the target, if it differs from their own. */
  readonly target?: string;
  /**
   * In a delta: the change of the namespace. `documents` and `lines` then count only new and changed
   * documents.
   */
  readonly change?: Change;
  /** In a delta: the number of deleted keys, and how many of them a TTL index had past their time. */
  readonly deletes?: number;
  readonly expired?: number;
  readonly documents?: number;
  readonly lines?: number;
  readonly quarantined?: number;
  /** Rows or documents that the target refused; `quarantined` counts those that transform set aside. */
  readonly quarantinedAtLoad?: number;
  readonly skipped?: number;
  readonly collapsed?: number;
  /**
   * For a target without tables: documents loaded, refused and read back. `equal` is true if all is as the
   * archive says.
   */
  readonly loaded?: number;
  readonly refused?: number;
  readonly digested?: number;
  readonly equal?: boolean;
  readonly tables?: readonly TableAccount[];
  /**
   * Indexes, options and other parts of its definition that the target does not get. Missing if they are not
   * known.
   */
  readonly notCarried?: readonly NotCarried[];
}

/** Returns the account of a namespace in an archive; for a delta it includes the change. */
export function namespaceAccount(n: SourceNamespace): Account {
  const linesOf = (parts: SourceNamespace["parts"] = []): number =>
    parts.reduce((sum, p) => sum + p.lineCount, 0);
  const { namespace, documentCount: documents, lineCount: lines, change } = n;
  if (change === undefined) return { namespace, documents, lines };
  const expired = linesOf(n.expired);
  return { namespace, change, documents, lines, deletes: linesOf(n.deletes) + expired, expired };
}

/**
 * The counts of a namespace's lines that transform set aside, skipped or collapsed, and the definitions not
 * carried over.
 */
type Fates = Pick<MysqlNamespace, "quarantinedCount" | "skippedCount" | "collapsedCount" | "notCarried">;

/** Returns the account of how transform used the lines of a namespace. */
export function linesAccount(n: Pick<MysqlNamespace, "namespace" | "lineCount"> & Fates): Account {
  return { namespace: n.namespace, lines: n.lineCount, ...fatesAccount(n) };
}

/**
 * Returns the same account without `lines`. With each delta a profile counts the lines of the whole chain,
 * which the delta's own archive does not have.
 */
export function fatesAccount(
  n: Fates,
): Required<Pick<Account, "quarantined" | "skipped" | "collapsed">> & Pick<Account, "notCarried"> {
  return {
    quarantined: n.quarantinedCount,
    skipped: n.skippedCount,
    collapsed: n.collapsedCount,
    ...(n.notCarried === undefined ? {} : { notCarried: n.notCarried }),
  };
}

/** Makes the event that reports accounts, with facts of databases that belong to no namespace. */
export function accountEvent(
  accounts: readonly Account[],
  { databases }: { readonly databases?: readonly MadeDatabase[] | undefined },
): Extract<StepEvent, { kind: "account" }> {
  return { kind: "account", accounts, ...(databases === undefined ? {} : { databases }) };
}

/**
 * Returns the accounts of namespaces with their tables. In a delta, a table's namespace may be missing from
 * the list. Then the table goes into an account that has only the namespace's name.
 */
export function withTables<T extends { readonly namespace: string }>(
  namespaces: readonly Parameters<typeof linesAccount>[0][],
  tables: readonly T[],
  accountOf: (table: T) => TableAccount,
): Account[] {
  const byNamespace = Map.groupBy(tables, (t) => t.namespace);
  const known = new Set(namespaces.map((n) => n.namespace));
  const others = [...byNamespace.keys()].filter((namespace) => !known.has(namespace));
  return [...namespaces.map(linesAccount), ...others.map((namespace): Account => ({ namespace }))].map(
    (account) => ({ ...account, tables: (byNamespace.get(account.namespace) ?? []).map(accountOf) }),
  );
}

export interface TableAccount {
  readonly table: string;
  readonly rows?: number;
  /**
   * In a delta: the rows that it writes, and the deleted keys that get no new row. `rows` then counts the
   * whole table.
   */
  readonly upserts?: number;
  readonly deletes?: number;
  readonly loaded?: number;
  /** For merged rows: rows that were there before, with the same content. */
  readonly present?: number | undefined;
  readonly quarantined?: number;
  readonly digested?: number;
  readonly equal?: boolean;
  /** Values of the rows that are in `_extra`. Missing if nobody counted them. */
  readonly extra?: readonly ExtraCount[] | undefined;
}

/** The certainty of a total: counted beforehand, estimated, or only of the work planned so far. */
export type TotalIs = "known" | "estimate" | "so-far";

/** A stage of a step, for which the cli has a name. */
export type Stage =
  | "export"
  | "changes"
  | "replay"
  | "survey"
  | "duplicates"
  | "rows"
  | "documents"
  | "keys"
  | "superseded"
  | "affected"
  | "refit"
  | "difference"
  | "verify"
  | "verify-keys"
  | "compact"
  | "fold"
  | "load"
  | "indexes"
  | "repair"
  | "delta"
  | "restore"
  | "delete"
  | "prove"
  | "checksum"
  | "differences"
  | "pack"
  | "unpack"
  | "search"
  | "queries";

/** A note about one of a package's codes, `N`, with that code's fields. */
export type Note<N, C extends keyof N = keyof N> = {
  readonly [K in C]: { readonly kind: "note"; readonly code: K; readonly fields: Readonly<N[K]> };
}[C];

/**
 * An event that a running step reports; only the cli prints. Units of work are documents or rows, bytes are
 * plaintext. `N` lists the notes that the step may yield, each code with its fields.
 */
export type StepEvent<N = unknown> =
  | {
      readonly kind: "progress";
      readonly stage: Stage;
      readonly items: number;
      readonly bytes: number;
      readonly totalItems?: number;
      /** A change stream's lag: seconds of the source's time from the last event read to the aimed moment. */
      readonly lagSeconds?: number;
      /** Missing if the total is known. */
      readonly totalIs?: TotalIs;
    }
  | Note<N>
  | {
      readonly kind: "account";
      readonly accounts: readonly Account[];
      readonly databases?: readonly MadeDatabase[];
    };
