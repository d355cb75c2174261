import {
  openSnapshot,
  SourceLock,
  sourcePosition,
  type FoundTable,
  type MysqlSession,
  type MysqlTarget,
  type SourcePosition,
} from "@firebreak/mysql";
import { Gate } from "../parts/gate.ts";
import type { TableTask, TableWorkerData } from "./table-worker.ts";
import { taskPool, type TaskPool } from "../parts/task-pool.ts";

/** One moment of a server, held by sessions that all see it. Close it when done. */
export interface Snapshot {
  /** The threads that have begun their snapshots. */
  readonly pool: TaskPool<TableTask>;
  /** Finds the bounds of ranges. Without a lock, its own moment is a little earlier. */
  readonly planner: MysqlSession;
  readonly position: SourcePosition;
  /** The reason that only one connection reads; undefined if as many read as were asked for. */
  readonly refusal: string | undefined;
  close(): Promise<void>;
}

const UNKNOWN: SourcePosition = { text: undefined, proof: undefined, hasLog: false };

/**
 * Begins snapshots in `jobs` threads while a lock keeps the tables unchanged, so that all see the same rows.
 * If the user may not lock, one thread reads.
 *
 * @param session reads the server's position.
 * @throws {FirebreakError} of mysql.
 */
export async function takeSnapshot(
  target: MysqlTarget,
  session: MysqlSession,
  tables: readonly FoundTable[],
  jobs: number,
): Promise<Snapshot> {
  const lock = await SourceLock.take(target, tables);
  const threads = lock.kind === "none" ? 1 : jobs;
  const gate = Gate.for(threads);
  let planner: MysqlSession | undefined;
  let pool: TaskPool<TableTask> | undefined;
  try {
    const before = await sourcePosition(session);
    planner = await openSnapshot(target);
    pool = taskPool<TableTask>(
      new URL("./table-worker.js", import.meta.url),
      threads,
      (counters) => ({ url: target.url, counters, gate: gate.buffer }) satisfies TableWorkerData,
    );
    await beginAll(pool, threads, gate);
    const after = await sourcePosition(session);
    await lock.release();
    // Without a lock, a write between the two looks may be in the snapshot or not.
    const isSure = lock.kind !== "none" || (before.proof === after.proof && before.text === after.text);
    return {
      pool,
      planner,
      position: isSure ? before : UNKNOWN,
      refusal: lock.reason,
      close: () => closeAll(pool, planner),
    };
  } catch (error) {
    await lock.release().catch(() => undefined);
    await closeAll(pool, planner);
    throw error;
  }
}

async function beginAll(pool: TaskPool<TableTask>, threads: number, gate: Gate): Promise<void> {
  const begun = await Promise.allSettled(
    Array.from({ length: threads }, () =>
      pool.run("begin").catch((error: unknown) => {
        // Otherwise the other threads would wait for this one forever.
        gate.open();
        throw error;
      }),
    ),
  );
  for (const outcome of begun) if (outcome.status === "rejected") throw outcome.reason;
}

async function closeAll(
  pool: TaskPool<TableTask> | undefined,
  planner: MysqlSession | undefined,
): Promise<void> {
  await pool?.close();
  await planner?.close();
}
