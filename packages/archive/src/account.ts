import type { ExtraCount } from "./manifest/extra-values.ts";
import type { MadeDatabase, NotCarried } from "./manifest/not-carried.ts";
import type { MysqlNamespace } from "./manifest/mysql-manifest.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import type { Change } from "./manifest/schema-parts.ts";

/**
 * The row-accounting equation, per namespace and table, as every command reports
 * it. A field that a command does not know is left out.
 *
 *     documents read = lines written = lines read
 *     lines read     = documents mapped + quarantined + skipped by rule + collapsed duplicates
 *     rows written   = rows loaded + rows quarantined at load (+ rows present before, where they were merged)
 *     rows loaded    = rows digested in the target
 */
export interface Account {
  readonly namespace: string;
  /** Where its documents went, if that is not their own name. */
  readonly target?: string;
  /** Of a delta: what became of it. `documents` and `lines` are then what is new or other than before. */
  readonly change?: Change;
  /** Of a delta: keys that are gone, and how many of those a TTL index had past their time. */
  readonly deletes?: number;
  readonly expired?: number;
  readonly documents?: number;
  readonly lines?: number;
  readonly quarantined?: number;
  /** Rows or documents of it that the target refused; `quarantined` are those that transform set aside. */
  readonly quarantinedAtLoad?: number;
  readonly skipped?: number;
  readonly collapsed?: number;
  /** Of a target that has no tables: documents that are in, those it refused, those read back, and whether all is as the archive says. */
  readonly loaded?: number;
  readonly refused?: number;
  readonly digested?: number;
  readonly equal?: boolean;
  readonly tables?: readonly TableAccount[];
  /** Indexes, options and other parts of its definition that the target does not get; left out where they are not known. */
  readonly notCarried?: readonly NotCarried[];
}

/** What an archive has of a namespace; of a delta also what became of it. */
export function namespaceAccount(n: SourceNamespace): Account {
  const linesOf = (parts: SourceNamespace["parts"] = []): number =>
    parts.reduce((sum, p) => sum + p.lineCount, 0);
  const { namespace, documentCount: documents, lineCount: lines, change } = n;
  if (change === undefined) return { namespace, documents, lines };
  const expired = linesOf(n.expired);
  return { namespace, change, documents, lines, deletes: linesOf(n.deletes) + expired, expired };
}

/** The account of a namespace's lines: those that transform set aside, skipped or collapsed, and definitions not carried over. */
type Fates = Pick<MysqlNamespace, "quarantinedCount" | "skippedCount" | "collapsedCount" | "notCarried">;

/** How transform used the lines of a namespace. */
export function linesAccount(n: Pick<MysqlNamespace, "namespace" | "lineCount"> & Fates): Account {
  return { namespace: n.namespace, lines: n.lineCount, ...fatesAccount(n) };
}

/** The same without the lines: a profile counts those of a whole chain with each delta, which the delta's own archive has not. */
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

/** Makes the event of accounts, with what belongs to no namespace of them. */
export function accountEvent(
  accounts: readonly Account[],
  { databases }: { readonly databases?: readonly MadeDatabase[] | undefined },
): Extract<StepEvent, { kind: "account" }> {
  return { kind: "account", accounts, ...(databases === undefined ? {} : { databases }) };
}

/**
 * The accounts of namespaces with their tables. A table whose namespace is not among them, as
 * a delta has such, is in one that knows nothing else.
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
  /** Of a delta, `rows` being those of the whole table: rows that it brings, and keys that no row comes for. */
  readonly upserts?: number;
  readonly deletes?: number;
  readonly loaded?: number;
  /** Of a table whose rows were merged: the same row was there before. */
  readonly present?: number | undefined;
  readonly quarantined?: number;
  readonly digested?: number;
  readonly equal?: boolean;
  /** Values of the rows that are in `_extra`; left out where nobody counted them. */
  readonly extra?: readonly ExtraCount[] | undefined;
}

/** The certainty of a total: counted beforehand, estimated, or only of the work planned so far. */
export type TotalIs = "known" | "estimate" | "so-far";

/** What a running step says of itself; only the cli prints. Units of work are documents or rows, bytes are plaintext. */
export type StepEvent =
  | {
      readonly kind: "progress";
      readonly stage: string;
      readonly items: number;
      readonly bytes: number;
      readonly totalItems?: number;
      /** The lag of a change stream: seconds of the source's time from the last event read to the moment to be reached. */
      readonly lagSeconds?: number;
      /** Left out where it is known. */
      readonly totalIs?: TotalIs;
    }
  | { readonly kind: "note"; readonly code: string; readonly fields: Readonly<Record<string, unknown>> }
  | {
      readonly kind: "account";
      readonly accounts: readonly Account[];
      readonly databases?: readonly MadeDatabase[];
    };
