import { asSent } from "../../driver/as-sent.ts";
import type { ClientSession, Document, Long } from "mongodb";
import type { NamespaceFilter } from "@firebreak/archive";
import { changeFilter } from "./change-filter.ts";
import { changeEventOf, type ChangeEvent } from "./change-event.ts";
import { explainStream, refuseShortHistory } from "./change-stream-faults.ts";
import {
  clusterTimeOf,
  compareTimes,
  secondsOf,
  timeAfter,
  timestampOf,
  type ClusterTime,
} from "../cluster-time.ts";
import { isVersion, type MongodbSource } from "../../driver/connect.ts";
import { mongodbFault } from "../../driver/mongodb-faults.ts";
import { Retry, type RetrySettings } from "../../driver/retry.ts";

/** Time that the server waits for an event before it answers that there is none. */
const WAIT_MS = 100;

/** The first version with events for new collections, indexes and options (manual, "showExpandedEvents"). */
const EXPANDED_SINCE = [6, 0] as const;

/** The number of events in one reply. Without a limit the server would send 16 MiB of them. */
const BATCH_EVENTS = 1000;

/** One window takes the server some seconds if each second of history has thousands of operations. */
const WINDOW_SECONDS = 600;

interface Token {
  readonly _data: string;
}

interface Reply {
  readonly cursor: {
    readonly id: Long;
    readonly nextBatch: Buffer[];
    /** Advances with the server's reading, even if the stream shows none of the events. */
    readonly postBatchResumeToken: Token;
  };
}

export interface StreamScope {
  /** One database, or all of them if missing. */
  readonly database?: string | undefined;
  /** The stream begins after this moment: events of the moment itself are not sent. */
  readonly since: ClusterTime;
  /** Namespaces whose events are sent. */
  readonly filter: NamespaceFilter;
  /** The most seconds of history that the server searches before it answers. */
  readonly windowSeconds?: number;
}

/**
 * The events of a replica set, or of one of its databases, in order. Close it when done.
 *
 * If the connection is lost or the primary steps down, the stream goes on after the last batch. The server
 * sends only the keys of documents, so that large documents do not make an event too large.
 *
 * A resume token of one stream may not work in another: the server goes on after an event only if the stream
 * shows that event. So callers keep a cluster time for later. Tokens serve this stream alone, which always
 * shows the events that it has shown before.
 */
export class ChangeStream {
  readonly #source: MongodbSource;
  readonly #scope: StreamScope;
  readonly #settings: RetrySettings;
  readonly #retry: Retry;
  #session: ClientSession | undefined;
  #cursor: Long | undefined;
  /** The moment to go on from if there is no token. */
  #since: ClusterTime;
  #token: Token | undefined;
  /** The moment after which the open cursor shows the events of all namespaces. */
  #windowEnd: ClusterTime | undefined;
  #isInvalidated = false;

  constructor(source: MongodbSource, scope: StreamScope, settings: RetrySettings) {
    this.#source = source;
    this.#scope = scope;
    this.#since = scope.since;
    this.#settings = settings;
    this.#retry = new Retry(settings);
  }

  /** The moment up to which events have been read. */
  get reached(): ClusterTime {
    return this.#token === undefined ? this.#since : timeOfToken(this.#token);
  }

  /** Checks that the stream can be opened. Without this call the first reading opens it. */
  async open(): Promise<void> {
    await refuseShortHistory(this.#source, this.#scope.since);
    await this.#answer(() => this.#openCursor());
  }

  /**
   * Yields all events up to a moment, and possibly a few later ones. It can be called again with a later
   * moment.
   *
   * The server answers when it has a batch of events or has searched all there is. Where events are rare,
   * that may be hours of history without an answer, and after a lost connection the server searches them
   * again. So it gets one window at a time. After the window's end all events pass, so the server answers
   * there.
   *
   * @throws {FirebreakError} `change-stream-rolled` if the oplog no longer goes back far enough,
   * `change-stream-oversized`, `change-stream-stalled` if no majority of the set confirms that moment,
   * `mongodb-forbidden`, or another error of mongodb.
   */
  async *readTo(time: ClusterTime): AsyncGenerator<readonly ChangeEvent[]> {
    for (let end = this.#nextWindowEnd(time); end !== undefined; end = this.#nextWindowEnd(time)) {
      await this.#dropCursor();
      this.#windowEnd = end;
      for await (const events of this.#readOn(end))
        yield events.filter((event) => compareTimes(event.time, end) <= 0);
      await this.#dropCursor();
      this.#windowEnd = undefined;
      this.#since = end;
      this.#token = undefined;
      this.#isInvalidated = false;
    }
    yield* this.#readOn(time);
  }

  /** Returns the end of the next window. Undefined if less than a window is left, or nothing is filtered. */
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
      // All events of a transaction have the same moment, and a batch may end between them.
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

  /** Kills the open cursor, which the server would otherwise keep for minutes. */
  async #dropCursor(): Promise<void> {
    if (this.#cursor === undefined) return;
    await this.#run({ killCursors: "$cmd.aggregate", cursors: [this.#cursor] }).catch(() => undefined);
    this.#cursor = undefined;
  }

  /** Retries until there is an answer, or the time for retries is over. */
  async #answer<T>(ask: () => Promise<T>): Promise<T> {
    for (;;)
      try {
        return await ask();
      } catch (error) {
        await this.close();
        await this.#retry.waitAfter(error).catch((last: unknown) => {
          throw explainStream(last, this.#source.server, this.reached);
        });
      }
  }

  /**
   * Opens the cursor without reading. A first batch could take long to find, depending on how rare events
   * are, and an empty first batch does not say how far the server has read.
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
    // An opened cursor is not yet a success. If it is lost each time before it sends something, that is a
    // failure.
    this.#retry.succeeded();
    return reply;
  }

  async #run(command: Document): Promise<Reply> {
    this.#session ??= this.#source.client.startSession();
    const reply = await this.#source.client.db(this.#scope.database ?? "admin").command(command, {
      session: this.#session,
      promoteLongs: false,
      fieldsAsRaw: { firstBatch: true, nextBatch: true },
    });
    return asSent(reply);
  }
}

/**
 * Reads the time from a token. A token is a sort key in hex whose first value is a timestamp: the byte 0x82,
 * then seconds and increment.
 */
function timeOfToken({ _data }: Token): ClusterTime {
  if (!_data.startsWith("82")) throw new Error(`a resume token of a form that is not known: ${_data}`);
  return clusterTimeOf(Number.parseInt(_data.slice(2, 10), 16), Number.parseInt(_data.slice(10, 18), 16));
}
