import { asSent } from "../../driver/as-sent.ts";
import type { MongodbSource } from "../../driver/connect.ts";
import {
  toStored,
  type LedgerChain,
  type LedgerPartAt,
  type LoadedCollection,
  type LoadedPart,
  type StoredEntry,
} from "./ledger-entry.ts";
import { putEntry, readEntries, withLedger } from "./ledger.ts";

/** The entries of loads in one database. */
export interface LoadLedger {
  /** Collections by their name. */
  readonly collections: ReadonlyMap<string, LoadedCollection>;
  readonly parts: readonly LedgerPartAt[];
  readonly chains: readonly LedgerChain[];
}

export async function readLoadLedger(target: MongodbSource, database: string): Promise<LoadLedger> {
  const collections = new Map<string, LoadedCollection>();
  const parts: LedgerPartAt[] = [];
  const chains: LedgerChain[] = [];
  for (const entry of await readEntries(target, database, "loads"))
    if (entry.kind === "loaded-collection") collections.set(entry.collection, entry);
    else if (entry.kind === "loaded-part") parts.push(asSent(entry));
    else if (entry.kind === "chain") chains.push(entry);
  return { collections, parts, chains };
}

export async function writeLoadState(
  target: MongodbSource,
  database: string,
  collection: LoadedCollection,
): Promise<void> {
  // Fields that are left out stay: a collection that is begun anew was proved before.
  const { _id, ...$set } = toStored({ kind: "loaded-collection", ...collection });
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.updateOne({ _id }, { $set }, { upsert: true }),
  );
}

/** Records that a part is in, after its documents were acknowledged, or that other documents of it are in. */
export async function writeLoadedPart(
  target: MongodbSource,
  database: string,
  part: LoadedPart,
): Promise<void> {
  const { _id, ...$set } = toStored({ kind: "loaded-part", ...part });
  const gone = ["quarantine", "isReplaying"].filter((field) => !(field in $set));
  const $unset = Object.fromEntries(gone.map((field) => [field, true as const]));
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.updateOne({ _id }, { $set, $unset, $currentDate: { loadedAt: true } } as object, { upsert: true }),
  );
}

/** Forgets the parts of a collection that is made anew. */
export async function forgetLoadedParts(
  target: MongodbSource,
  database: string,
  collection: string,
): Promise<void> {
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.load": collection, "_id.part": { $exists: true } }),
  );
}

/** Forgets a collection whose content is about to be replaced. */
export async function forgetLoad(target: MongodbSource, database: string, collection: string): Promise<void> {
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.load": collection }),
  );
}

/** Records which links are in. */
export async function writeChain(target: MongodbSource, database: string, chain: LedgerChain): Promise<void> {
  await putEntry(target, database, { kind: "chain", ...chain });
}

/** Forgets a chain, because its full archive is loaded anew. */
export async function forgetChain(target: MongodbSource, database: string, chain: string): Promise<void> {
  await withLedger<StoredEntry, unknown>(target, database, (ledger) => ledger.deleteOne({ _id: { chain } }));
}
