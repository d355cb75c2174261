import type { PlainDigest } from "@firebreak/archive";
import type { Collection, Document } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { explainMongodb } from "./mongodb-faults.ts";

/** The collection in a target database that says which parts of a load or of an unfinished restore are in; exports leave it out. */
export const LEDGER = "firebreak_ledger";

/**
 * How far a collection is. `begun`: it is ours, some parts may be in. `proved`:
 * all documents were read back and are those of the archive. `differs`: they are not.
 */
export type LedgerState = "begun" | "proved" | "differs";

/** What the restore under way was asked for; a run that goes on must be asked for the same. */
export interface LedgerHead {
  readonly manifestSha256: string;
  readonly settings: string;
  /** Everything is done; only the ledgers are still to be removed. */
  readonly isFinished: boolean;
}

export interface LedgerPart {
  readonly collection: string;
  readonly file: string;
  readonly plainSha256: string;
  /** Of the documents that the part's lines say, in the form in which a server stores them. */
  readonly digest: PlainDigest;
  /** Documents of which that form is another than the archive's: their `_id` was not in front, or they had none. */
  readonly movedIds?: number;
  readonly madeIds?: number;
  /** Of the collection's documents in their order up to the end of this part, where order counts. */
  readonly orderSha256?: string;
}

/** What the ledger of one database says of a restore. */
export interface Ledger {
  readonly head: LedgerHead | undefined;
  /** By name of collection in the target. */
  readonly states: ReadonlyMap<string, { readonly source: string; readonly state: LedgerState }>;
  readonly parts: readonly LedgerPart[];
}

interface Entry {
  readonly _id: string | { readonly collection: string; readonly part?: string };
  readonly [field: string]: unknown;
}

const HEAD = "restore";

/** What loads wrote: they come to stay. */
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

/** Notes a part as in, after its documents were acknowledged. */
export async function addToLedger(target: MongodbSource, database: string, part: LedgerPart): Promise<void> {
  const { collection, file, ...fields } = part;
  await put(target, database, { _id: { collection, part: file }, ...fields });
}

/** Forgets the parts of a collection: it is about to be restored anew. */
export async function forgetParts(
  target: MongodbSource,
  database: string,
  collection: string,
): Promise<void> {
  await withLedger<Entry, unknown>(target, database, (ledger) =>
    ledger.deleteMany({ "_id.collection": collection, "_id.part": { $exists: true } }),
  );
}

/** Removes all that a restore wrote, and with it the ledger where no load has written there. */
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

/** Works on a ledger's entries. @throws {FirebreakError} of mongodb, naming the ledger. */
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

/** Entries are journaled, so that none survives a power cut that the documents it speaks of did not. */
function ledgerOf<E extends Document>(target: MongodbSource, database: string): Collection<E> {
  return target.client.db(database).collection<E>(LEDGER, {
    writeConcern: { w: "majority", journal: true },
    readPreference: "primary",
  });
}
