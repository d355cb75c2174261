import { isProcessAlive } from "@firebreak/archive";
import { readFileSync, readlinkSync } from "node:fs";
import { randomUUID } from "node:crypto";
import { hostname } from "node:os";
import { MongoServerError, type Collection } from "mongodb";
import type { MongodbSource } from "../driver/connect.ts";
import { LEDGER, withLedger } from "./ledger/ledger.ts";
import { explainMongodb, mongodbFault } from "../driver/mongodb-faults.ts";

const LOCK = "lock";
const DUPLICATE_KEY = 11000;
const HEARTBEAT_MS = 5_000;

/** A lock without a heartbeat for this long is free for others. By then its owner must have stopped. */
const STALE_MS = 30_000;
const GIVE_UP_MS = 20_000;

/** Compares by the server's clock. */
const IS_STALE = { $lt: ["$heartbeatAt", { $subtract: ["$$NOW", STALE_MS] }] };

/** Time limit for unlocking. The run may be ending because the server is gone. */
const RELEASE_MS = 2_000;

interface LockEntry {
  readonly _id: string;
  readonly owner: string;
  /** Identifies the machine and container, so that another process can tell if this one runs there too. */
  readonly home: string;
  readonly host: string;
  readonly pid: number;
  readonly heartbeatAt: Date;
}

/**
 * A lock that lets one run at a time work on a database: an entry in its ledger that names its owner. The
 * owner renews it every few seconds by the server's clock.
 *
 * If a run was killed on this machine, the lock is free at once. If it ran elsewhere, the lock is free when
 * its heartbeat has been missing for 30 seconds.
 */
export class TargetLock {
  readonly #target: MongodbSource;
  readonly #databases: readonly string[];
  /** The databases that are locked. The heartbeat begins while others are still to be locked. */
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

  /**
   * Locks the databases.
   *
   * @throws {FirebreakError} `lock-held` if another run has one of the databases. Then none is locked.
   */
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

  /**
   * Returns the process of the run that holds a database's lock. Undefined if, as far as can be told from
   * here, it is gone.
   */
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

  /**
   * Checks that the lock is still held.
   *
   * @throws {FirebreakError} `lock-lost`: nothing more may be written.
   */
  assertHeld(): void {
    if (this.#isLost || performance.now() - this.#renewedAt > GIVE_UP_MS)
      throw mongodbFault("lock-lost", { server: this.#target.server, databases: this.#databases });
  }

  /** Unlocks the databases, and drops ledgers that are empty. */
  async release(): Promise<void> {
    clearInterval(this.#timer);
    try {
      for (const database of this.#databases) {
        const ledger = this.#ledger(database);
        const released = await ledger.deleteOne({ _id: LOCK, owner: this.#owner }, { timeoutMS: RELEASE_MS });
        // A run that locks between the two calls loses its lock, notices that, and asks the user to run it
        // again.
        if (released.deletedCount === 1 && (await ledger.findOne({}, { timeoutMS: RELEASE_MS })) === null)
          await ledger.drop({ timeoutMS: RELEASE_MS });
      }
    } catch {
      // A lock on a server that is out of reach becomes stale by itself.
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
      // A broken connection may come back. `assertHeld` decides how long that may take.
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

/** Returns a text that differs between machines, restarts and containers, as far as the system shows them. */
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
