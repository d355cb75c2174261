import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import type { FinishedRange } from "../export-progress.ts";

/** Threads that carry out the tasks of a source, with the counters that they share. Close it when done. */
export interface TaskPool<Task> {
  readonly counters: ProgressCounters;
  run(task: Task): Promise<readonly FinishedRange[]>;
  close(): Promise<void>;
}

/** @param dataOf returns the data that each thread gets at its start; the thread adds to these counters. */
export function taskPool<Task>(
  file: URL,
  threads: number,
  dataOf: (counters: SharedArrayBuffer) => unknown,
): TaskPool<Task> {
  const counters = new ProgressCounters();
  const pool = new WorkerPool<Task, readonly FinishedRange[]>(file, threads, dataOf(counters.buffer));
  return { counters, run: (task) => pool.run(task), close: () => pool.close() };
}
