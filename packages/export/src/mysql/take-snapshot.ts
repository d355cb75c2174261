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

/** Threads that each hold a snapshot. */
export interface SnapshotThreads {
  /** Begins the snapshot of one thread, which waits at the gate for all others. */
  begin(): Promise<unknown>;
  close(): Promise<void>;
}

/** One moment of a server, held by sessions that all see it. Close it when done. */
export interface Snapshot<P extends SnapshotThreads> {
  /** The threads that have begun their snapshots. */
  readonly pool: P;
  /** Finds the bounds of ranges. Without a lock, its own moment is a little earlier. */
  readonly planner: MysqlSession;
  readonly position: SourcePosition;
  /** The reason that only one connection reads; undefined if as many read as were asked for. */
  readonly refusal: string | undefined;
  close(): Promise<void>;
}

const UNKNOWN: SourcePosition = { text: undefined, proof: undefined, hasLog: false };

/** The tables that are locked while snapshots begin, and the number of threads that are asked for. */
export interface SnapshotScope {
  readonly tables: readonly FoundTable[];
  readonly jobs: number;
}

/**
 * Begins snapshots in `jobs` threads while a lock keeps the tables unchanged, so that all see the same rows.
 * If the user may not lock, one thread reads.
 *
 * @param session reads the server's position.
 * @param open starts threads. Each passes the gate once it has begun its snapshot.
 * @throws {FirebreakError} of mysql.
 */
export async function takeSnapshot<P extends SnapshotThreads>(
  target: MysqlTarget,
  session: MysqlSession,
  { tables, jobs }: SnapshotScope,
  open: (threads: number, gate: SharedArrayBuffer) => P,
): Promise<Snapshot<P>> {
  const lock = await SourceLock.take(target, tables);
  const threads = lock.kind === "none" ? 1 : jobs;
  const gate = Gate.for(threads);
  let planner: MysqlSession | undefined;
  let pool: P | undefined;
  try {
    const before = await sourcePosition(session);
    planner = await openSnapshot(target);
    const opened = open(threads, gate.buffer);
    pool = opened;
    await beginAll(opened, threads, gate);
    const after = await sourcePosition(session);
    await lock.release();
    // Without a lock, a write between the two looks may be in the snapshot or not.
    const isSure = lock.kind !== "none" || (before.proof === after.proof && before.text === after.text);
    return {
      pool: opened,
      planner,
      position: isSure ? before : UNKNOWN,
      refusal: lock.reason,
      close: () => closeAll(opened, planner),
    };
  } catch (error) {
    await lock.release().catch(() => undefined);
    await closeAll(pool, planner);
    throw error;
  }
}

async function beginAll(pool: SnapshotThreads, threads: number, gate: Gate): Promise<void> {
  const begun = await Promise.allSettled(
    Array.from({ length: threads }, () =>
      pool.begin().catch((error: unknown) => {
        // Otherwise the other threads would wait for this one forever.
        gate.open();
        throw error;
      }),
    ),
  );
  for (const outcome of begun) if (outcome.status === "rejected") throw outcome.reason;
}

async function closeAll(pool: SnapshotThreads | undefined, planner: MysqlSession | undefined): Promise<void> {
  await pool?.close();
  await planner?.close();
}
