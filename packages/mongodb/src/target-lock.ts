import { isProcessAlive } from "@firebreak/archive";
import { readFileSync, readlinkSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { MongoServerError, type Collection } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { LEDGER, withLedger } from "./ledger.ts";
import { explainMongodb, mongodbFault } from "./mongodb-faults.ts";

const LOCK = "lock";
const DUPLICATE_KEY = 11000;
const HEARTBEAT_MS = 5_000;

/** A lock without a heartbeat for so long is free for others, and its owner must have stopped by then. */
const STALE_MS = 30_000;
const GIVE_UP_MS = 20_000;

/** By the server's clock. */
const IS_STALE = { $lt: ["$heartbeatAt", { $subtract: ["$$NOW", STALE_MS] }] };

/** How long to try to unlock: the run may be ending because the server is gone. */
const RELEASE_MS = 2_000;

interface LockEntry {
  readonly _id: string;
  readonly owner: string;
  /** Where its process lives, as far as another process can tell whether that is here. */
  readonly home: string;
  readonly host: string;
  readonly pid: number;
  readonly heartbeatAt: Date;
}

/**
 * One run at a time on a database: an entry in its ledger that names its owner
 * and is renewed every few seconds by the server's clock. A run that was killed
 * on this very machine is known to be gone at once; one elsewhere when its
 * heartbeat has been missing for 30 seconds.
 */
export class TargetLock {
  readonly #target: MongodbSource;
  readonly #databases: readonly string[];
  /** Those that are locked: the heartbeat begins while others are still to be taken. */
  readonly #taken: string[] = [];
  readonly #owner = randomUUID();
  readonly #timer: NodeJS.Timeout;
  #renewedAt = performance.now();
  #isRenewing = false;
  #isLost = false;

  private constructor(target: MongodbSource, databases: readonly string[]) {
    this.#target = target;
    this.#databases = [...databases].sort();
    this.#timer = setInterval(() => void this.#renew(), HEARTBEAT_MS);
    this.#timer.unref();
  }

  /** @throws {FirebreakError} `lock-held`, with nothing locked, where another run has one of the databases. */
  static async take(target: MongodbSource, databases: readonly string[]): Promise<TargetLock> {
    const lock = new TargetLock(target, databases);
    try {
      for (const database of lock.#databases) {
        await lock.#take(database);
        lock.#taken.push(database);
      }
      return lock;
    } catch (error) {
      await lock.release();
      throw error;
    }
  }

  /** The process of the run that has a database; undefined where none is alive, as far as can be told from here. */
  static async holder(
    target: MongodbSource,
    database: string,
  ): Promise<{ readonly host: string; readonly pid: number } | undefined> {
    const entry = await withLedger<LockEntry, LockEntry | null>(target, database, (ledger) =>
      ledger.findOne({ _id: LOCK, $expr: { $not: [IS_STALE] } }),
    );
    const isGone = entry === null || (entry.home === processHome() && !isProcessAlive(entry.pid));
    return isGone ? undefined : { host: entry.host, pid: entry.pid };
  }

  /** @throws {FirebreakError} `lock-lost`: nothing more may be written. */
  assertHeld(): void {
    if (this.#isLost || performance.now() - this.#renewedAt > GIVE_UP_MS)
      throw mongodbFault("lock-lost", { server: this.#target.server, databases: this.#databases });
  }

  /** Lets go of it, and of ledgers in which nothing was written. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    try {
      for (const database of this.#databases) {
        const ledger = this.#ledger(database);
        const released = await ledger.deleteOne({ _id: LOCK, owner: this.#owner }, { timeoutMS: RELEASE_MS });
        // Whoever comes between the two loses its lock, notices, and is told to run again.
        if (released.deletedCount === 1 && (await ledger.findOne({}, { timeoutMS: RELEASE_MS })) === null)
          await ledger.drop({ timeoutMS: RELEASE_MS });
      }
    } catch {
      // A lock left on a server that is out of reach goes stale by itself.
    }
  }

  async #take(database: string): Promise<void> {
    const ledger = this.#ledger(database);
    const mine = { owner: this.#owner, home: processHome(), host: hostname(), pid: process.pid };
    const claim = { $set: mine, $currentDate: { heartbeatAt: true as const } };
    try {
      await ledger.updateOne({ _id: LOCK, owner: this.#owner }, claim, { upsert: true });
    } catch (error) {
      if (!(error instanceof MongoServerError) || error.code !== DUPLICATE_KEY)
        throw explainMongodb(error, this.#target.server, `${database}.${LEDGER}`);
      const held = await ledger.findOne({ _id: LOCK });
      const isGone = held !== null && held.home === mine.home && !isProcessAlive(held.pid);
      const stale = { $expr: IS_STALE };
      const { matchedCount } = await ledger.updateOne(
        { _id: LOCK, ...(held === null ? {} : { owner: held.owner }), ...(isGone ? {} : stale) },
        claim,
      );
      if (matchedCount === 0)
        throw mongodbFault("lock-held", {
          server: this.#target.server,
          database,
          host: held?.host ?? "",
          pid: held?.pid ?? 0,
        });
    }
  }

  async #renew(): Promise<void> {
    if (this.#isRenewing) return;
    this.#isRenewing = true;
    const asked = performance.now();
    try {
      for (const database of this.#taken) {
        const { matchedCount } = await this.#ledger(database).updateOne(
          { _id: LOCK, owner: this.#owner },
          { $currentDate: { heartbeatAt: true } },
        );
        if (matchedCount === 0) this.#isLost = true;
      }
      this.#renewedAt = asked;
    } catch {
      // A connection that broke may come back; `assertHeld` knows how long that may take.
    } finally {
      this.#isRenewing = false;
    }
  }

  #ledger(database: string): Collection<LockEntry> {
    return this.#target.client
      .db(database)
      .collection<LockEntry>(LEDGER, { writeConcern: { w: "majority" }, readPreference: "primary" });
  }
}

/** Tells machines, restarts of them and containers apart, as far as the system lets us. */
function processHome(): string {
  const facts = [
    () => readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim(),
    () => readlinkSync("/proc/self/ns/pid"),
  ].map((fact) => {
    try {
      return fact();
    } catch {
      return "";
    }
  });
  return [hostname(), ...facts].join(" ");
}
