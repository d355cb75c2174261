import type { PartEntry } from "@firebreak/archive";
import type { PlainDigest } from "@firebreak/items";
import type { MongodbSource } from "../../driver/connect.ts";
import { withLedger, type LedgerState } from "./ledger.ts";

/** A collection's entry in the ledger of loads. */
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

/** A part that is in. */
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

/** The entries of loads in one database. */
export interface LoadLedger {
  /** Collections by their name. */
  readonly collections: ReadonlyMap<string, LoadedCollection>;
  readonly parts: readonly LedgerPartAt[];
}

/** An entry of a load in the ledger. A restore ignores it, and it stays when the restore is done. */
interface LoadEntry {
  readonly _id: { readonly load: string; readonly part?: string; readonly link?: string };
}

export async function readLoadLedger(target: MongodbSource, database: string): Promise<LoadLedger> {
  return withLedger<LoadEntry, LoadLedger>(target, database, async (ledger) => {
    const collections = new Map<string, LoadedCollection>();
    const parts: LedgerPartAt[] = [];
    for (const { _id, ...fields } of await ledger.find({ "_id.load": { $exists: true } }).toArray())
      if (_id.part === undefined)
        collections.set(_id.load, { collection: _id.load, ...fields } as unknown as LoadedCollection);
      else {
        const { load: collection, part: file, link } = _id;
        const place = { collection, file, ...(link === undefined ? {} : { link }) };
        parts.push({ ...place, ...fields } as unknown as LedgerPartAt);
      }
    return { collections, parts };
  });
}

export async function writeLoadState(
  target: MongodbSource,
  database: string,
  { collection, contentSha256, state, chain, proved }: LoadedCollection,
): Promise<void> {
  const set = {
    contentSha256,
    state,
    ...(chain === undefined ? {} : { chain }),
    ...(proved === undefined ? {} : { proved }),
  };
  await withLedger<LoadEntry, unknown>(target, database, (ledger) =>
    ledger.updateOne({ _id: { load: collection } }, { $set: set }, { upsert: true }),
  );
}

/** Records that a part is in, after its documents were acknowledged, or that other documents of it are in. */
export async function writeLoadedPart(
  target: MongodbSource,
  database: string,
  { collection, link, file, plainSha256, digest, quarantine, isReplaying }: LoadedPart,
): Promise<void> {
  const set = {
    plainSha256,
    digest,
    ...(quarantine === undefined ? {} : { quarantine }),
    ...(isReplaying === true ? { isReplaying } : {}),
  };
  const unset = {
    ...(quarantine === undefined ? { quarantine: true as const } : {}),
    ...(isReplaying === true ? {} : { isReplaying: true as const }),
  };
  await withLedger<LoadEntry, unknown>(target, database, (ledger) =>
    ledger.updateOne(
      { _id: { load: collection, part: file, ...(link === undefined ? {} : { link }) } },
      { $set: set, $unset: unset, $currentDate: { loadedAt: true } } as object,
      { upsert: true },
    ),
  );
}

/** Forgets the parts of a collection that is made anew. */
export async function forgetLoadedParts(
  target: MongodbSource,
  database: string,
  collection: string,
): Promise<void> {
  await withLedger<LoadEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.load": collection, "_id.part": { $exists: true } }),
  );
}

/** Forgets a collection whose content is about to be replaced. */
export async function forgetLoad(target: MongodbSource, database: string, collection: string): Promise<void> {
  await withLedger<LoadEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.load": collection }),
  );
}
