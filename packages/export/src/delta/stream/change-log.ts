import { join } from "node:path";
import { FirebreakError, isSystemDatabase, namespaceTest, type NamespaceFilter } from "@firebreak/archive";
import {
  ChangeStream,
  compareTimes,
  databaseTest,
  isSayableKey,
  secondsOf,
  type ChangeEvent,
  type ClusterTime,
  type MongodbSource,
  type RetrySettings,
} from "@firebreak/mongodb";
import { KeyRuns } from "./key-runs.ts";

/** The bytes of keys that stay in memory, over all namespaces. */
const MEMORY_BYTES = 48 * 1024 * 1024;

/** The value of a key whose last change was not a delete. */
export const NOT_DELETED = 0;

/** A moment at which a collection, or a whole database, was replaced or redefined. */
export interface Redefinition {
  readonly time: ClusterTime;
  readonly database: string;
  readonly collection: string | undefined;
  /** True if its documents are others now; otherwise only its options or indexes changed. */
  readonly isReplaced: boolean;
}

/** The position that the reading of changes has reached. */
export interface ChangesRead {
  /** The number of events that the server has sent so far. */
  readonly eventCount: number;
  /** Seconds of server time from the position to the moment up to which changes are read. */
  readonly lagSeconds: number;
}

/** The changes since a moment, by namespace: touched keys, and collections dropped, renamed or created. */
export class ChangeLog {
  readonly #source: MongodbSource;
  readonly #since: ClusterTime;
  readonly #folder: string;
  readonly #filter: NamespaceFilter;
  readonly #isWanted: (namespace: string) => boolean;
  readonly #isWantedDatabase: (database: string) => boolean;
  readonly #settings: RetrySettings;
  readonly #databases: readonly string[];
  readonly #touched = new Map<string, KeyRuns>();
  readonly #replaced = new Set<string>();
  readonly #replacedDatabases = new Set<string>();
  readonly #lastTouched = new Map<string, ClusterTime>();
  #streams: readonly ChangeStream[] | undefined;
  #folderCount = 0;
  #bytes = 0;
  #eventCount = 0;
  /** In the order of their times. */
  readonly redefinitions: Redefinition[] = [];

  /** @param databases the databases to watch if the user may not see the changes of all. */
  constructor(
    source: MongodbSource,
    options: {
      readonly since: ClusterTime;
      readonly folder: string;
      readonly filter: NamespaceFilter;
      readonly databases: readonly string[];
      readonly retry: RetrySettings;
    },
  ) {
    this.#source = source;
    this.#since = options.since;
    this.#folder = options.folder;
    this.#filter = options.filter;
    this.#isWanted = namespaceTest(options.filter);
    this.#isWantedDatabase = databaseTest(options.filter);
    this.#databases = options.databases;
    this.#settings = options.retry;
  }

  /** Reads all events up to a moment, and perhaps a few later ones. Yields its position as it goes. */
  async *readTo(time: ClusterTime): AsyncGenerator<ChangesRead> {
    const streams = (this.#streams ??= await this.#open());
    const soFar = (): ChangesRead => {
      const oldest = Math.min(...streams.map(({ reached }) => secondsOf(reached)));
      return { eventCount: this.#eventCount, lagSeconds: Math.max(0, secondsOf(time) - oldest) };
    };
    yield soFar();
    for (const stream of streams)
      for await (const events of stream.readTo(time)) {
        for (const event of events) await this.#take(event);
        this.#eventCount += events.length;
        if (this.#bytes > MEMORY_BYTES) await this.#spill();
        yield soFar();
      }
  }

  /** Returns the touched keys `{_id: …}`. If a key was deleted last, its value is the time in seconds. */
  touched(namespace: string): KeyRuns | undefined {
    return this.#touched.get(namespace);
  }

  /** Returns true if a document of the namespace was written after that time. */
  isTouchedSince(namespace: string, time: ClusterTime): boolean {
    const last = this.#lastTouched.get(namespace);
    return last !== undefined && compareTimes(last, time) > 0;
  }

  /** Returns true if the collection was dropped, renamed or replaced by another. */
  isReplaced(database: string, namespace: string): boolean {
    return this.#replaced.has(namespace) || this.#replacedDatabases.has(database);
  }

  async close(): Promise<void> {
    for (const stream of this.#streams ?? []) await stream.close();
  }

  /** If the user may not see the changes of all databases, each database has a stream of its own. */
  async #open(): Promise<readonly ChangeStream[]> {
    const { database } = this.#source;
    // The server reports no changes of its own databases.
    if (database !== undefined) return isSystemDatabase(database) ? [] : [await this.#openOne(database)];
    try {
      return [await this.#openOne(undefined)];
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "mongodb-forbidden") throw error;
    }
    const streams: ChangeStream[] = [];
    for (const one of this.#databases) streams.push(await this.#openOne(one));
    return streams;
  }

  async #openOne(database: string | undefined): Promise<ChangeStream> {
    const scope = { database, since: this.#since, filter: this.#filter };
    const stream = new ChangeStream(this.#source, scope, this.#settings);
    await stream.open();
    return stream;
  }

  async #take({ type, time, database, collection = "", to, key }: ChangeEvent): Promise<void> {
    if (isSystemDatabase(database)) return;
    switch (type) {
      case "insert":
      case "update":
      case "replace":
        await this.#touch(time, database, collection, key, NOT_DELETED);
        break;
      case "delete":
        await this.#touch(time, database, collection, key, secondsOf(time));
        break;
      case "drop":
        await this.#replace(time, database, collection);
        break;
      case "rename":
        await this.#replace(time, database, collection);
        await this.#replace(time, to!.database, to!.collection);
        break;
      case "dropDatabase":
        await this.#replaceDatabase(time, database);
        break;
      case "invalidate":
        break;
      default:
        // The collection was created, or its options or indexes changed: the definitions show which.
        if (this.#isWanted(`${database}.${collection}`))
          this.redefinitions.push({ time, database, collection, isReplaced: false });
    }
  }

  async #touch(
    time: ClusterTime,
    database: string,
    collection: string,
    key: Buffer | undefined,
    deletedAt: number,
  ): Promise<void> {
    const namespace = `${database}.${collection}`;
    if (!this.#isWanted(namespace)) return;
    this.#lastTouched.set(namespace, time);
    if (key === undefined || !isAskable(key)) {
      // If no query can find the document by its key, the whole collection is read.
      if (!this.isReplaced(database, namespace)) await this.#replace(time, database, collection);
      return;
    }
    let keys = this.#touched.get(namespace);
    if (keys === undefined) {
      keys = new KeyRuns(join(this.#folder, String(this.#folderCount++)));
      this.#touched.set(namespace, keys);
    }
    const before = keys.bytes;
    keys.add(key.toString("latin1"), deletedAt);
    this.#bytes += keys.bytes - before;
  }

  async #replace(time: ClusterTime, database: string, collection: string): Promise<void> {
    const namespace = `${database}.${collection}`;
    if (!this.#isWanted(namespace)) return;
    this.redefinitions.push({ time, database, collection, isReplaced: true });
    this.#replaced.add(namespace);
    await this.#forget(namespace);
  }

  async #replaceDatabase(time: ClusterTime, database: string): Promise<void> {
    if (!this.#isWantedDatabase(database)) return;
    this.redefinitions.push({ time, database, collection: undefined, isReplaced: true });
    this.#replacedDatabases.add(database);
    for (const namespace of this.#touched.keys())
      if (namespace.startsWith(`${database}.`)) await this.#forget(namespace);
  }

  async #forget(namespace: string): Promise<void> {
    const keys = this.#touched.get(namespace);
    if (keys === undefined) return;
    this.#bytes -= keys.bytes;
    this.#touched.delete(namespace);
    await keys.clear();
  }

  async #spill(): Promise<void> {
    for (const keys of this.#touched.values()) await keys.spill();
    this.#bytes = 0;
  }
}

/** The types of `_id` that the driver passes on unchanged: double, ObjectId, int and long. */
const PLAIN_TYPES: ReadonlySet<unknown> = new Set([0x01, 0x07, 0x10, 0x12]);
/** The offset of the type of a document's first element. */
const TYPE_AT = 4;

function isAskable(key: Buffer): boolean {
  return PLAIN_TYPES.has(key[TYPE_AT]) || isSayableKey(key);
}
