import type { ClientSession, Document, Long } from "mongodb";
import type { NamespaceFilter } from "@firebreak/archive";
import { changeFilter } from "./change-filter.ts";
import { changeEventOf, type ChangeEvent } from "./change-event.ts";
import { explainStream } from "./change-stream-faults.ts";
import {
  clusterTimeOf,
  compareTimes,
  secondsOf,
  timeAfter,
  timestampOf,
  type ClusterTime,
} from "./cluster-time.ts";
import type { MongodbSource } from "./connect.ts";
import { mongodbFault } from "./mongodb-faults.ts";
import { Patience, type PatienceSettings } from "./patience.ts";
import { refuseShortHistory } from "./refuse-short-history.ts";
import { isVersion } from "./server-version.ts";

/** How long the server waits for an event before it says that there is none. */
const WAIT_MS = 100;

/** The first version that has events of created collections, indexes and options (manual, "showExpandedEvents"). */
const EXPANDED_SINCE = [6, 0] as const;

/** Events asked for at once; by itself the server would send 16 MiB of them. */
const BATCH_EVENTS = 1000;

/** Some seconds of work for the server where thousands of operations were done in each. */
const WINDOW_SECONDS = 600;

interface Token {
  readonly _data: string;
}

interface Reply {
  readonly cursor: {
    readonly id: Long;
    readonly nextBatch: Buffer[];
    /** Moves on with what the server looked at, whether or not the stream shows it. */
    readonly postBatchResumeToken: Token;
  };
}

export interface StreamScope {
  /** One database; all of them where it is missing. */
  readonly database?: string | undefined;
  /** What happened at that very moment is not among the events. */
  readonly since: ClusterTime;
  /** Namespaces whose events are sent. */
  readonly filter: NamespaceFilter;
  /** Seconds of history that the server looks through at the most before it answers. */
  readonly windowSeconds?: number;
}

/**
 * The events of a replica set, or of one of its databases, in order. Where the
 * connection is lost or the primary steps down it goes on behind the last batch.
 * Documents are not among what is sent: only their keys, so that large ones do
 * not make an event too large. Close it when done.
 *
 * A token of one stream may not do for another: the server goes on behind an event only
 * where the stream shows it. What is to be kept for later is therefore a cluster time,
 * and tokens serve this stream alone, which never ceases to show what it has shown.
 */
export class ChangeStream {
  readonly #source: MongodbSource;
  readonly #scope: StreamScope;
  readonly #settings: PatienceSettings;
  readonly #patience: Patience;
  #session: ClientSession | undefined;
  #cursor: Long | undefined;
  /** Where it goes on, unless there is a token. */
  #since: ClusterTime;
  #token: Token | undefined;
  /** Behind it the open cursor shows all events, of whatever namespace. */
  #windowEnd: ClusterTime | undefined;
  #isInvalidated = false;

  constructor(source: MongodbSource, scope: StreamScope, settings: PatienceSettings) {
    this.#source = source;
    this.#scope = scope;
    this.#since = scope.since;
    this.#settings = settings;
    this.#patience = new Patience(settings);
  }

  /** The moment up to which events were read. */
  get reached(): ClusterTime {
    return this.#token === undefined ? this.#since : timeOfToken(this.#token);
  }

  /** Sees whether there is such a stream; else it is opened by the first reading. */
  async open(): Promise<void> {
    await refuseShortHistory(this.#source, this.#scope.since);
    await this.#answer(() => this.#openCursor());
  }

  /**
   * All events up to a moment; a few later ones may be among them. Can be called
   * again, with a later moment.
   *
   * The server answers when it has a batch of events, or has looked at all there is: where
   * they are rare that may be hours of history, of which nobody hears, and which a lost
   * connection has it look through again. So it gets a window at a time, behind whose end nothing is rare.
   *
   * @throws {FirebreakError} `change-stream-rolled` where the oplog no longer goes back so far,
   * `change-stream-oversized`, `change-stream-stalled` where no majority of the set confirms that
   * moment, `mongodb-forbidden`, or others of mongodb.
   */
  async *readTo(time: ClusterTime): AsyncGenerator<readonly ChangeEvent[]> {
    for (let end = this.#nextWindowEnd(time); end !== undefined; end = this.#nextWindowEnd(time)) {
      await this.#dropCursor();
      this.#windowEnd = end;
      for await (const events of this.#readOn(end))
        yield events.filter((event) => compareTimes(event.time, end!) <= 0);
      await this.#dropCursor();
      this.#windowEnd = undefined;
      this.#since = end;
      this.#token = undefined;
      this.#isInvalidated = false;
    }
    yield* this.#readOn(time);
  }

  /** Undefined where what is left is less than a window, or nothing is filtered. */
  #nextWindowEnd(time: ClusterTime): ClusterTime | undefined {
    const { filter, windowSeconds = WINDOW_SECONDS } = this.#scope;
    const end = clusterTimeOf(secondsOf(this.reached) + windowSeconds, 0);
    return changeFilter(filter) === undefined || compareTimes(end, time) >= 0 ? undefined : end;
  }

  async *#readOn(time: ClusterTime): AsyncGenerator<readonly ChangeEvent[]> {
    let reached: ClusterTime | undefined;
    let reachedAt = performance.now();
    for (;;) {
      const { id, postBatchResumeToken: token, nextBatch } = (await this.#answer(() => this.#more())).cursor;
      const events = nextBatch.map(changeEventOf);
      this.#token = token;
      this.#cursor = id.isZero() ? undefined : id;
      if (events.length > 0) this.#isInvalidated = events.at(-1)!.type === "invalidate";
      yield events;
      const now = timeOfToken(token);
      // A transaction's events are all of one moment, and a batch may end amid them.
      const passed = compareTimes(now, time);
      if (passed > 0 || (passed === 0 && events.length === 0)) return;
      if (now !== reached) reachedAt = performance.now();
      else if (performance.now() - reachedAt > Math.max(this.#settings.giveUpAfterMs, 10 * WAIT_MS))
        throw mongodbFault("change-stream-stalled", {
          server: this.#source.server,
          minutes: this.#settings.giveUpAfterMs / 60_000,
        });
      reached = now;
    }
  }

  async close(): Promise<void> {
    await this.#session?.endSession().catch(() => undefined);
    this.#session = undefined;
    this.#cursor = undefined;
  }

  /** Without a word to the server it would keep the cursor for minutes. */
  async #dropCursor(): Promise<void> {
    if (this.#cursor === undefined) return;
    await this.#run({ killCursors: "$cmd.aggregate", cursors: [this.#cursor] }).catch(() => undefined);
    this.#cursor = undefined;
  }

  /** Asks until there is an answer, or an end of patience. */
  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await ask();
      } catch (error) {
        await this.close();
        await this.#patience.bear(error).catch((last: unknown) => {
          throw explainStream(last, this.#source.server, this.reached);
        });
      }
  }

  /**
   * Opens the cursor without reading: how long the first events are searched for depends on
   * how rare they are, and of an empty first batch nobody can say up to when it is.
   */
  async #openCursor(): Promise<Long> {
    const { database, filter } = this.#scope;
    const from =
      this.#token === undefined
        ? { startAtOperationTime: timestampOf(timeAfter(this.#since)) }
        : this.#isInvalidated
          ? { startAfter: this.#token }
          : { resumeAfter: this.#token };
    const stage = {
      ...(database === undefined ? { allChangesForCluster: true } : {}),
      ...(isVersion(this.#source.version, EXPANDED_SINCE) ? { showExpandedEvents: true } : {}),
      ...from,
    };
    const match = changeFilter(filter, this.#windowEnd);
    const project = { operationType: 1, ns: 1, to: 1, documentKey: 1, clusterTime: 1 };
    const { cursor } = await this.#run({
      aggregate: 1,
      pipeline: [
        { $changeStream: stage },
        ...(match === undefined ? [] : [{ $match: match }]),
        { $project: project },
      ],
      cursor: { batchSize: 0 },
    });
    this.#cursor = cursor.id;
    return cursor.id;
  }

  async #more(): Promise<Reply> {
    const reply = await this.#run({
      getMore: this.#cursor ?? (await this.#openCursor()),
      collection: "$cmd.aggregate",
      batchSize: BATCH_EVENTS,
      maxTimeMS: WAIT_MS,
    });
    // An opened cursor is no success yet: one that is lost each time before it tells something is a failure.
    this.#patience.succeeded();
    return reply;
  }

  #run(command: Document): Promise<Reply> {
    this.#session ??= this.#source.client.startSession();
    return this.#source.client.db(this.#scope.database ?? "admin").command(command, {
      session: this.#session,
      promoteLongs: false,
      fieldsAsRaw: { firstBatch: true, nextBatch: true },
    }) as unknown as Promise<Reply>;
  }
}

/** A token is a sort key in hex whose first value is a timestamp: the byte 0x82, then seconds and increment. */
function timeOfToken({ _data }: Token): ClusterTime {
  if (!_data.startsWith("82")) throw new Error(`a resume token of a form that is not known: ${_data}`);
  return clusterTimeOf(Number.parseInt(_data.slice(2, 10), 16), Number.parseInt(_data.slice(10, 18), 16));
}
