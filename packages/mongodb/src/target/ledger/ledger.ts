import type { Collection, Document } from "mongodb";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb } from "../../driver/mongodb-faults.ts";
import {
  fromStored,
  toStored,
  type LedgerEntry,
  type LedgerHead,
  type LedgerPart,
  type RestoredCollection,
  type StoredEntry,
} from "./ledger-entry.ts";

/**
 * The collection in a target database that lists the parts that are in, of a load or of an unfinished
 * restore. Exports leave it out.
 */
export const LEDGER = "firebreak_ledger";

/** The entries of a restore in the ledger of one database. */
export interface Ledger {
  readonly head: LedgerHead | undefined;
  /** States of collections by their name in the target. */
  readonly states: ReadonlyMap<string, RestoredCollection>;
  readonly parts: readonly LedgerPart[];
}

/** The entries of loads, which stay. */
const OF_LOADS = { $or: [{ "_id.load": { $exists: true } }, { "_id.chain": { $exists: true } }] };

/** Reads the entries of loads, or those of a restore. */
export async function readEntries(
  target: MongodbSource,
  database: string,
  of: "loads" | "restore",
): Promise<LedgerEntry[]> {
  const filter = of === "loads" ? OF_LOADS : { $nor: [OF_LOADS] };
  return withLedger<StoredEntry, LedgerEntry[]>(target, database, async (ledger) =>
    (await ledger.find(filter).toArray()).flatMap((entry) => fromStored(entry) ?? []),
  );
}

export async function readLedger(target: MongodbSource, database: string): Promise<Ledger> {
  let head: LedgerHead | undefined;
  const states = new Map<string, RestoredCollection>();
  const parts: LedgerPart[] = [];
  for (const entry of await readEntries(target, database, "restore"))
    if (entry.kind === "restore") head = entry;
    else if (entry.kind === "restored-collection") states.set(entry.collection, entry);
    else if (entry.kind === "restored-part") parts.push(entry);
  return { head, states, parts };
}

export async function writeLedgerHead(
  target: MongodbSource,
  database: string,
  head: LedgerHead,
): Promise<void> {
  await putEntry(target, database, { kind: "restore", ...head });
}

export async function writeLedgerState(
  target: MongodbSource,
  database: string,
  state: RestoredCollection,
): Promise<void> {
  await putEntry(target, database, { kind: "restored-collection", ...state });
}

/** Records a part as loaded, after its documents were acknowledged. */
export async function addToLedger(target: MongodbSource, database: string, part: LedgerPart): Promise<void> {
  await putEntry(target, database, { kind: "restored-part", ...part });
}

/** Forgets the parts of a collection that is about to be restored anew. */
export async function forgetParts(
  target: MongodbSource,
  database: string,
  collection: string,
): Promise<void> {
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.collection": collection, "_id.part": { $exists: true } }),
  );
}

/** Removes all entries of a restore, and the ledger itself if no load has written there. */
export async function dropLedger(target: MongodbSource, database: string): Promise<void> {
  await withLedger<StoredEntry, unknown>(target, database, async (ledger) =>
    (await ledger.findOne(OF_LOADS)) === null
      ? ledger.drop()
      : ledger.deleteMany({ $or: [{ _id: "restore" }, { "_id.collection": { $exists: true } }] }),
  );
}

/** Writes an entry in place of the one with its subject. */
export async function putEntry(target: MongodbSource, database: string, entry: LedgerEntry): Promise<void> {
  const stored = toStored(entry);
  await withLedger<StoredEntry, unknown>(target, database, (ledger) =>
    ledger.replaceOne({ _id: stored._id }, stored, { upsert: true }),
  );
}

/**
 * Works on a ledger's entries.
 *
 * @throws {FirebreakError} an error of mongodb that names the ledger.
 */
export async function withLedger<E extends Document, R>(
  target: MongodbSource,
  database: string,
  work: (ledger: Collection<E>) => Promise<R>,
): Promise<R> {
  // Entries are journaled, so that after a power cut no entry exists whose documents are lost.
  const ledger = target.client.db(database).collection<E>(LEDGER, {
    writeConcern: { w: "majority", journal: true },
    readPreference: "primary",
  });
  try {
    return await work(ledger);
  } catch (error) {
    throw explainMongodb(error, target.server, `${database}.${LEDGER}`);
  }
}
