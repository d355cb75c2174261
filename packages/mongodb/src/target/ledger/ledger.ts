import type { PlainDigest } from "@firebreak/items";
import type { Collection, Document } from "mongodb";
import type { MongodbSource } from "../../driver/connect.ts";
import { explainMongodb } from "../../driver/mongodb-faults.ts";

/**
 * The collection in a target database that lists the parts that are in, of a load or of an unfinished
 * restore. Exports leave it out.
 */
export const LEDGER = "firebreak_ledger";

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

/** The entries of a restore in the ledger of one database. */
export interface Ledger {
  readonly head: LedgerHead | undefined;
  /** States of collections by their name in the target. */
  readonly states: ReadonlyMap<string, { readonly source: string; readonly state: LedgerState }>;
  readonly parts: readonly LedgerPart[];
}

interface Entry {
  readonly _id: string | { readonly collection: string; readonly part?: string };
  readonly [field: string]: unknown;
}

const HEAD = "restore";

/** The entries of loads, which stay. */
const OF_LOADS = { $or: [{ "_id.load": { $exists: true } }, { "_id.chain": { $exists: true } }] };

export async function readLedger(target: MongodbSource, database: string): Promise<Ledger> {
  return withLedger<Entry, Ledger>(target, database, async (ledger) => {
    let head: LedgerHead | undefined;
    const states = new Map<string, { source: string; state: LedgerState }>();
    const parts: LedgerPart[] = [];
    for (const { _id, ...fields } of await ledger.find({ $nor: [OF_LOADS] }).toArray()) {
      if (_id === HEAD) head = fields as unknown as LedgerHead;
      else if (typeof _id === "object" && _id.part === undefined)
        states.set(_id.collection, fields as { source: string; state: LedgerState });
      else if (typeof _id === "object")
        parts.push({ ...fields, collection: _id.collection, file: _id.part } as unknown as LedgerPart);
    }
    return { head, states, parts };
  });
}

export async function writeLedgerHead(
  target: MongodbSource,
  database: string,
  head: LedgerHead,
): Promise<void> {
  await put(target, database, { _id: HEAD, ...head });
}

export async function writeLedgerState(
  target: MongodbSource,
  database: string,
  collection: string,
  source: string,
  state: LedgerState,
): Promise<void> {
  await put(target, database, { _id: { collection }, source, state });
}

/** Records a part as loaded, after its documents were acknowledged. */
export async function addToLedger(target: MongodbSource, database: string, part: LedgerPart): Promise<void> {
  const { collection, file, ...fields } = part;
  await put(target, database, { _id: { collection, part: file }, ...fields });
}

/** Forgets the parts of a collection that is about to be restored anew. */
export async function forgetParts(
  target: MongodbSource,
  database: string,
  collection: string,
): Promise<void> {
  await withLedger<Entry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.collection": collection, "_id.part": { $exists: true } }),
  );
}

/** Removes all entries of a restore, and the ledger itself if no load has written there. */
export async function dropLedger(target: MongodbSource, database: string): Promise<void> {
  await withLedger<Entry, unknown>(target, database, async (ledger) =>
    (await ledger.findOne(OF_LOADS)) === null
      ? ledger.drop()
      : ledger.deleteMany({ $or: [{ _id: HEAD }, { "_id.collection": { $exists: true } }] }),
  );
}

async function put(target: MongodbSource, database: string, entry: Entry): Promise<void> {
  await withLedger<Entry, unknown>(target, database, (ledger) =>
    ledger.replaceOne({ _id: entry._id }, entry, { upsert: true }),
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
  try {
    return await work(ledgerOf<E>(target, database));
  } catch (error) {
    throw explainMongodb(error, target.server, `${database}.${LEDGER}`);
  }
}

/** Entries are journaled, so that after a power cut no entry exists whose documents are lost. */
function ledgerOf<E extends Document>(target: MongodbSource, database: string): Collection<E> {
  return target.client.db(database).collection<E>(LEDGER, {
    writeConcern: { w: "majority", journal: true },
    readPreference: "primary",
  });
}
