import {
  openSnapshot,
  SourceLock,
  sourcePosition,
  type FoundTable,
  type MysqlSession,
  type MysqlTarget,
  type SourcePosition,
} from "@firebreak/mysql";
import { Gate } from "./gate.ts";
import type { TableTask, TableWorkerData } from "./table-worker.ts";
import { taskPool, type TaskPool } from "./task-pool.ts";

/** One moment of a server, held by sessions that all see it. Close it when done. */
export interface Snapshot {
  /** Its threads have begun their snapshots. */
  readonly pool: TaskPool<TableTask>;
  /** Finds the borders of ranges; where no lock was to be had its own moment is a little earlier. */
  readonly planner: MysqlSession;
  readonly position: SourcePosition;
  /** Why it is one connection that reads; undefined where as many do as were asked for. */
  readonly refusal: string | undefined;
  close(): Promise<void>;
}

const UNKNOWN: SourcePosition = { text: undefined, proof: undefined, hasLog: false };

/**
 * Begins snapshots in `jobs` threads while a lock keeps the tables still, so
 * that all see the same; in one thread where the user may not lock.
 *
 * @param session for looking at the server's position.
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
    // Unlocked, a write between the two looks may be in the snapshot or not.
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
        // The others would wait for this one.
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
