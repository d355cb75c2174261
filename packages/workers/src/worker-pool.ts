import { collectAtLimit, FirebreakError, type PlainFault } from "@firebreak/archive";
import { Piscina, workerData } from "piscina";

/**
 * The message that a worker sends back. Instances of our error classes do not survive the way between
 * threads.
 */
export type WorkerOutcome<R> = { readonly result: R } | { readonly fault: PlainFault };

/** Returns the `workerData` that the pool gave to this worker. */
export function poolData<T>(): T {
  // A message between threads has no type. The worker's file and its pool agree on it.
  // oxlint-disable-next-line typescript/no-unsafe-type-assertion
  return workerData as T;
}

/** Wraps a worker file's function so that its faults reach the main thread unchanged. The thread collects garbage at a limit. */
export function workerTask<T, R>(work: (task: T) => Promise<R>): (task: T) => Promise<WorkerOutcome<R>> {
  collectAtLimit();
  return async (task) => {
    try {
      return { result: await work(task) };
    } catch (error) {
      if (error instanceof FirebreakError) return { fault: error.toPlain() };
      throw error;
    }
  };
}

/** The memory for new objects. A transform with a profile takes a tenth more CPU with half of it (the smaller site of `bench/delta.ts`). */
const YOUNG_MIB = 32;

/**
 * Threads that all run the default export of one file, made with `workerTask`. The caller closes the pool.
 */
export class WorkerPool<T, R> {
  readonly #pool: Piscina<T, WorkerOutcome<R>>;

  /**
   * @param workerData the value that each thread gets once, at its start.
   * @param youngMib the most memory for each thread's new objects.
   */
  constructor(file: URL, threads: number, workerData?: unknown, youngMib = YOUNG_MIB) {
    this.#pool = new Piscina({
      filename: file.href,
      // A thread starts when there is a task for it, and stays: an archive of one part needs one.
      minThreads: 0,
      maxThreads: threads,
      idleTimeout: Infinity,
      workerData,
      // A thread that slept on an atomic between tasks could not answer its connections.
      atomics: "disabled",
      // Piscina tries require() first, and Node 24 aborts the whole process when a thread is ended while it
      // requires an ES module. That happened in a short job whose second thread was still loading.
      execArgv: ["--no-experimental-require-module"],
      resourceLimits: { maxYoungGenerationSizeMb: youngMib },
    });
  }

  /** @throws {FirebreakError} as the worker threw it; anything else as an Error with its message. */
  async run(task: T): Promise<R> {
    const outcome = await this.#pool.run(task);
    if ("result" in outcome) return outcome.result;
    throw new FirebreakError(outcome.fault.code, outcome.fault.exitCode, outcome.fault.fields);
  }

  async close(): Promise<void> {
    await this.#pool.destroy();
  }
}
