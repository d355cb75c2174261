import { LineWriter } from "@firebreak/archive";
import { BSON, MongoClient, type Db, type Document, type ObjectId, type Timestamp } from "mongodb";
import { SeededRandom } from "../../../../fixtures/src/index.ts";

/** What a step did to the lines of a database, by collection and key. */
type Effect = (state: DatabaseLines) => void;

/** Lines by key, by collection. */
export type DatabaseLines = Map<string, Map<string, string>>;

const COLLECTIONS = ["c0", "c1", "c2", "c3"] as const;
const KEYS = 3000;

/**
 * Writes to a database as fast as the server takes it, and logs each step with
 * its cluster time: what the database had at any moment follows from the log.
 */
export class LoggedWriter {
  readonly #client: MongoClient;
  readonly #db: Db;
  readonly #random: SeededRandom;
  readonly #lines = new LineWriter();
  readonly #log: { readonly time: Timestamp | undefined; readonly effect: Effect }[] = [];
  #isStopped = false;
  #running: Promise<void> = Promise.resolve();

  private constructor(client: MongoClient, database: string, seed: number) {
    this.#client = client;
    this.#db = client.db(database);
    this.#random = new SeededRandom(seed);
  }

  /** Fills the collections first. */
  static async open(url: string, database: string, seed: number): Promise<LoggedWriter> {
    const writer = new LoggedWriter(await MongoClient.connect(url), database, seed);
    for (const collection of COLLECTIONS) {
      const documents = Array.from({ length: KEYS }, (_, n) => writer.#document(n));
      await writer.#db.collection(collection).insertMany(documents);
      for (const document of documents)
        writer.#log.push({ time: undefined, effect: writer.#put(collection, document) });
    }
    return writer;
  }

  get stepCount(): number {
    return this.#log.length;
  }

  /** @param hasMoves whether collections are dropped and renamed too. */
  start(hasMoves: boolean): void {
    this.#running = this.#write(hasMoves);
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    await this.#running;
    await this.#client.close();
  }

  /** What the database had at a cluster time; of collections only those that are not empty. */
  stateAt(watermark: string): DatabaseLines {
    const [t = 0, i = 0] = watermark.split(",").map(Number);
    const state: DatabaseLines = new Map();
    for (const { time, effect } of this.#log)
      if (time === undefined || time.t < t || (time.t === t && time.i <= i)) effect(state);
    for (const [name, lines] of state) if (lines.size === 0) state.delete(name);
    return state;
  }

  async #write(hasMoves: boolean): Promise<void> {
    const session = this.#client.startSession();
    const logged = (effect: Effect): void => {
      this.#log.push({ time: session.operationTime, effect });
    };
    for (let step = 1; !this.#isStopped; step++) {
      const collection = this.#any(COLLECTIONS);
      const document = this.#document(this.#random.integer(0, KEYS + 500));
      const filter = { _id: document["_id"] as ObjectId };
      const of = this.#db.collection(collection);
      if (hasMoves && step % 700 === 0) {
        await of.drop({ session });
        logged((state) => state.delete(collection));
      } else if (hasMoves && step % 700 === 350) {
        const to = this.#any(COLLECTIONS.filter((name) => name !== collection));
        const isThere = (await this.#db.listCollections({ name: collection }).toArray()).length > 0;
        if (!isThere) continue;
        await of.rename(to, { dropTarget: true, session });
        logged((state) => {
          state.set(to, state.get(collection) ?? new Map());
          state.delete(collection);
        });
      } else if (step % 4 === 0) {
        await of.deleteOne(filter, { session });
        const key = this.#keyOf(document);
        logged((state) => state.get(collection)?.delete(key));
      } else {
        await of.replaceOne(filter, document, { upsert: true, session });
        logged(this.#put(collection, document));
      }
    }
    await session.endSession();
  }

  #document(n: number): Document {
    const _id: unknown = n % 3 === 0 ? n : n % 3 === 1 ? `key ${n}` : { n, m: [n] };
    return { _id, version: this.#random.integer(0, 1e9), text: "é".repeat(this.#random.integer(0, 150)) };
  }

  #put(collection: string, document: Document): Effect {
    const [key, line] = [this.#keyOf(document), this.#lineOf(document)];
    return (state) => {
      const lines = state.get(collection) ?? new Map<string, string>();
      state.set(collection, lines.set(key, line));
    };
  }

  #keyOf({ _id }: Document): string {
    return JSON.stringify(_id);
  }

  #lineOf(document: Document): string {
    const bytes = Buffer.from(BSON.serialize(document));
    this.#lines.out.clear();
    this.#lines.write(bytes, 0, bytes.length);
    return this.#lines.out.written().toString("utf8");
  }

  #any<T>(of: readonly T[]): T {
    return of[this.#random.integer(0, of.length - 1)]!;
  }
}
