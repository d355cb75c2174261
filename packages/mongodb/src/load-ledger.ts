import type { PartEntry, PlainDigest } from "@firebreak/archive";
import type { MongodbSource } from "./connect.ts";
import { withLedger, type LedgerState } from "./ledger.ts";

/** What a load has made of a collection. */
export interface LoadedCollection {
  readonly collection: string;
  /** Of the names and hashes of all its parts: another archive's are others. */
  readonly contentSha256: string;
  readonly state: LedgerState;
  /** SHA-256 of the manifest of the full archive that it is of, itself or by deltas. */
  readonly chain?: string;
  /** What it was when it was proved. */
  readonly proved?: ProvedCollection;
}

/** What a collection was when a load had proved it, for the deltas that come after. */
export interface ProvedCollection {
  readonly documentCount: number;
  /** Of the options that the archive says. */
  readonly optionsSha256: string;
  /** Names of the indexes that the archive says: others are somebody's own. */
  readonly indexes: readonly string[];
}

/** A part that is in. */
export interface LoadedPart {
  readonly collection: string;
  /** Of a delta, the SHA-256 of its archive's manifest: links of a chain have parts of one name. */
  readonly link?: string;
  readonly file: string;
  readonly plainSha256: string;
  /** Of its documents that are in; of a part of keys, whose documents are gone, of none. */
  readonly digest: PlainDigest;
  /** Those that the server refused, below the work folder's quarantine. */
  readonly quarantine?: PartEntry;
  /** A replay of its quarantine was begun, and not ended: some of these may be in. */
  readonly isReplaying?: boolean;
}

export interface LedgerPartAt extends LoadedPart {
  /** When it, or the last replay of its quarantine, was noted: by the server's clock. */
  readonly loadedAt: Date;
}

/** What loads have put into a database. */
export interface LoadLedger {
  /** By name. */
  readonly collections: ReadonlyMap<string, LoadedCollection>;
  readonly parts: readonly LedgerPartAt[];
}

/** Loads' own entries in the ledger: a restore passes over them, and they stay when it is done. */
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

/** Notes a part as in, after its documents were acknowledged, or that other documents of it are in than before. */
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

/** Forgets a collection that is about to be another's. */
export async function forgetLoad(target: MongodbSource, database: string, collection: string): Promise<void> {
  await withLedger<LoadEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.load": collection }),
  );
}
