import { MongoServerError, type Db, type Document } from "mongodb";
import { SeededRandom } from "../../../../fixtures/src/index.ts";

const NAMES = ["a", "b", "c", "d", "e"] as const;
type Name = (typeof NAMES)[number];
/** Where a collection is filled before it gets its name, so that nobody sees it half full. To be left out of archives. */
export const UNFINISHED = "unfinished";

/**
 * Documents that a collection which is to fit a table has from its beginning, and keeps: `_id`s of
 * each kind and the longest text, so that its columns hold what comes, whenever they are planned.
 */
const LASTING: readonly Document[] = [-1, "lasting", { n: -1, m: [-1] }].map((_id) => ({
  _id,
  v: 0,
  text: "x".repeat(200),
}));

/**
 * Writes to a database as fast as the server takes it: documents mostly, now and then whole
 * collections. One of the fields is in few documents, and in some collections not from the beginning.
 */
export class HurriedWriter {
  readonly #db: Db;
  readonly #random: SeededRandom;
  readonly #fitsTables: boolean;
  readonly #there = new Set<Name>();
  readonly #running: Promise<void>;
  #isStopping = false;
  #writeCount = 0;

  /** @param options.fitsTables has all collections begin with documents that last; else the first write makes them. */
  constructor(db: Db, seed: number, options: { readonly fitsTables: boolean }) {
    this.#db = db;
    this.#random = new SeededRandom(seed);
    this.#fitsTables = options.fitsTables;
    this.#running = this.#writeAll();
  }

  /** Ends behind the write under way; returns how many there were. */
  async stop(): Promise<number> {
    this.#isStopping = true;
    await this.#running;
    return this.#writeCount;
  }

  async #writeAll(): Promise<void> {
    while (!this.#isStopping) {
      // A key that is there, a collection that is not: what a writer meets.
      await this.#write().catch((error: unknown) => {
        if (!(error instanceof MongoServerError)) throw error;
      });
      this.#writeCount++;
    }
  }

  async #write(): Promise<void> {
    const name = this.#any(NAMES);
    const collection = this.#db.collection(name);
    if (this.#fitsTables && !this.#there.has(name)) return await this.#begin(name);
    switch (this.#random.integer(0, 299)) {
      case 0:
        await collection.drop();
        this.#there.delete(name);
        return;
      case 1: {
        const to = this.#any(NAMES.filter((n) => n !== name));
        await collection.rename(to, { dropTarget: true });
        this.#there.delete(name);
        this.#there.add(to);
        return;
      }
      case 2:
        await collection.createIndex({ v: this.#random.integer(0, 1) === 0 ? 1 : -1 });
        return;
      default:
        return await this.#writeDocument(name);
    }
  }

  async #begin(name: Name): Promise<void> {
    const unfinished = this.#db.collection(UNFINISHED);
    await unfinished.deleteMany({});
    await unfinished.insertMany(LASTING.map((document) => ({ ...document })));
    await unfinished.rename(name);
    this.#there.add(name);
  }

  async #writeDocument(name: Name): Promise<void> {
    const collection = this.#db.collection(name);
    const n = this.#random.integer(0, 599);
    const _id: unknown = n % 3 === 0 ? n : n % 3 === 1 ? `k${n}` : { n, m: [n] };
    const filter = { _id: _id as never };
    const rare = this.#random.integer(0, 49) === 0 ? { rare: [n, { text: "é😀" }] } : {};
    switch (this.#random.integer(0, 4)) {
      case 0:
        await collection.deleteOne(filter);
        return;
      case 1:
        await collection.updateOne(filter, { $inc: { v: 1 } });
        return;
      case 2:
        await collection.replaceOne(filter, { v: this.#writeCount, text: "é", ...rare }, { upsert: true });
        return;
      default: {
        const text = "x".repeat(this.#random.integer(0, 199));
        await collection.insertOne({ ...filter, v: this.#writeCount, text, ...rare });
      }
    }
  }

  #any<T>(of: readonly T[]): T {
    return of[this.#random.integer(0, of.length - 1)]!;
  }
}
