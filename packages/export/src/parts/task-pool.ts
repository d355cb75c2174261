import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";

/** Threads that carry out the tasks of a source, with the counters that they share. Close it when done. */
export interface TaskPool<Task> {
  readonly counters: ProgressCounters;
  run(task: Task): Promise<readonly FinishedRange[]>;
  close(): Promise<void>;
}

/**
 * The most memory for each thread's new objects. Those of a batch of documents are soon gone: with twice as much, two
 * threads take 30 to 40 MiB more, and a tenth more CPU (the smaller site of `bench/delta.ts`).
 */
export const YOUNG_MIB = 16;

/** @param dataOf returns the data that each thread gets at its start; the thread adds to these counters. */
export function taskPool<Task>(
  file: URL,
  threads: number,
  dataOf: (counters: SharedArrayBuffer) => unknown,
): TaskPool<Task> {
  const counters = new ProgressCounters();
  const data = dataOf(counters.buffer);
  const pool = new WorkerPool<Task, readonly FinishedRange[]>(file, threads, data, YOUNG_MIB);
  return { counters, run: (task) => pool.run(task), close: () => pool.close() };
}
