import { asSent } from "../../driver/as-sent.ts";
import type { PartEntry } from "@firebreak/archive";
import type { PlainDigest } from "@firebreak/items";

/**
 * The state of a collection.
 *
 * `begun`: it is ours, and some parts may be in. `proved`: all documents were read back and are those of the
 * archive. `differs`: they are not.
 */
export type LedgerState = "begun" | "proved" | "differs";

/** The settings of the restore in progress. A run that continues it must have the same ones. */
export interface LedgerHead {
  readonly manifestSha256: string;
  readonly settings: string;
  /** True if everything is done, except that the ledgers are still to be removed. */
  readonly isFinished: boolean;
}

/** A collection that the restore in progress has begun. */
export interface RestoredCollection {
  readonly collection: string;
  /** The namespace in the archive. */
  readonly source: string;
  readonly state: LedgerState;
}

/** A part that the restore in progress has put in. */
export interface LedgerPart {
  readonly collection: string;
  readonly file: string;
  readonly plainSha256: string;
  /** The digest of the part's documents in the form in which a server stores them. */
  readonly digest: PlainDigest;
  /** Documents whose stored form differs from the archive's: their `_id` was not in front, or was missing. */
  readonly movedIds?: number;
  readonly madeIds?: number;
  /** The hash of the collection's documents in order, up to the end of this part. Only where order counts. */
  readonly orderSha256?: string;
}

/** A collection that a load has begun. */
export interface LoadedCollection {
  readonly collection: string;
  /** The hash of the names and hashes of all its parts, which tells one archive's content from another's. */
  readonly contentSha256: string;
  readonly state: LedgerState;
  /** SHA-256 of the manifest of the full archive that it comes from, directly or by deltas. */
  readonly chain?: string;
  /** The collection's state when it was proved. */
  readonly proved?: ProvedCollection;
}

/** The state of a collection when a load had proved it. Later deltas need it. */
export interface ProvedCollection {
  readonly documentCount: number;
  /** The hash of the options in the archive. */
  readonly optionsSha256: string;
  /** Names of the indexes in the archive. Other indexes belong to somebody else. */
  readonly indexes: readonly string[];
}

/** A part that a load has put in. */
export interface LoadedPart {
  readonly collection: string;
  /** The SHA-256 of a delta's manifest: parts of several links may have the same name. */
  readonly link?: string;
  readonly file: string;
  readonly plainSha256: string;
  /** The digest of its documents that are in. For a part of keys, the digest of no documents. */
  readonly digest: PlainDigest;
  /** The documents that the server refused, in the work folder's quarantine. */
  readonly quarantine?: PartEntry;
  /** A replay of its quarantine has begun and not ended, so some of the refused documents may be in. */
  readonly isReplaying?: boolean;
}

export interface LedgerPartAt extends LoadedPart {
  /** The time by the server's clock when the part, or the last replay of its quarantine, was recorded. */
  readonly loadedAt: Date;
}

/** The links of a chain that are in a database. */
export interface LedgerChain {
  /** SHA-256 of the full archive's manifest. */
  readonly chain: string;
  /** The proved links in order, by the SHA-256 of their archives' manifests. The full archive is first. */
  readonly links: readonly string[];
  /** A delta that may be in partly. The full archive is number 0. */
  readonly begun?: { readonly archive: string; readonly number: number };
}

/** An entry of a ledger. Those of a restore go when it is done, those of loads stay. */
export type LedgerEntry =
  | ({ readonly kind: "restore" } & LedgerHead)
  | ({ readonly kind: "restored-collection" } & RestoredCollection)
  | ({ readonly kind: "restored-part" } & LedgerPart)
  | ({ readonly kind: "loaded-collection" } & LoadedCollection)
  | ({ readonly kind: "loaded-part" } & LoadedPart)
  | ({ readonly kind: "chain" } & LedgerChain);

/** An entry as it is stored: `_id` says of what kind it is. */
export interface StoredEntry {
  readonly _id:
    | "restore"
    | { readonly collection: string; readonly part?: string }
    | { readonly load: string; readonly part?: string; readonly link?: string }
    | { readonly chain: string };
  readonly [field: string]: unknown;
}

/** Encodes an entry. It leaves out fields that are undefined, and the time, which the server sets. */
export function toStored(entry: LedgerEntry): StoredEntry {
  switch (entry.kind) {
    case "restore": {
      const { kind: _id, ...fields } = entry;
      return { _id, ...fields };
    }
    case "restored-collection": {
      const { collection, source, state } = entry;
      return { _id: { collection }, source, state };
    }
    case "restored-part": {
      const { kind: _, collection, file: part, ...fields } = entry;
      return { _id: { collection, part }, ...fields };
    }
    case "loaded-collection": {
      const { collection: load, contentSha256, state, chain, proved } = entry;
      return { _id: { load }, ...defined({ contentSha256, state, chain, proved }) };
    }
    case "loaded-part": {
      const { collection: load, file: part, link, plainSha256, digest, quarantine, isReplaying } = entry;
      return {
        _id: { load, part, ...defined({ link }) },
        ...defined({ plainSha256, digest, quarantine, isReplaying: isReplaying || undefined }),
      };
    }
    case "chain": {
      const { chain, links, begun } = entry;
      return { _id: { chain }, links, ...defined({ begun }) };
    }
  }
}

/** Decodes an entry; undefined for the lock, which is no entry of a restore or load. */
export function fromStored({ _id, ...fields }: StoredEntry | LockEntry): LedgerEntry | undefined {
  return _id === "lock" ? undefined : asSent({ ...subjectOf(_id), ...fields });
}

/** The lock of a target that is at work. */
interface LockEntry {
  readonly _id: "lock";
}

function subjectOf(id: StoredEntry["_id"]): Partial<LedgerEntry> {
  if (id === "restore") return { kind: "restore" };
  if ("chain" in id) return { kind: "chain", chain: id.chain };
  if ("load" in id) {
    const { load: collection, part: file, ...link } = id;
    return file === undefined
      ? { kind: "loaded-collection", collection }
      : { kind: "loaded-part", collection, file, ...link };
  }
  const { collection, part: file } = id;
  return file === undefined
    ? { kind: "restored-collection", collection }
    : { kind: "restored-part", collection, file };
}

function defined<T extends object>(fields: T): { [K in keyof T]: Exclude<T[K], undefined> } {
  return asSent(Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)));
}
