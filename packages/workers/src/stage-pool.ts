import { ProgressCounters } from "./progress-counters.ts";
import { poolData, WorkerPool, workerTask, type WorkerOutcome } from "./worker-pool.ts";

/** The stages of a worker file: the task that each takes, and the result that it gives. */
type Stages<M> = { readonly [S in keyof M]: { readonly task: unknown; readonly result: unknown } };

interface StageTask<M extends Stages<M>, S extends keyof M> {
  readonly stage: S;
  readonly task: M[S]["task"];
}

/** The function of each stage. It adds to the counters that all threads share. */
export type StageWork<M extends Stages<M>> = {
  readonly [S in keyof M]: (task: M[S]["task"], progress: ProgressCounters) => Promise<M[S]["result"]>;
};

interface StageData<D> {
  readonly counters: SharedArrayBuffer;
  readonly data: D;
}

/** Returns the data that a `StagePool` gave to this worker. */
export function stageData<D>(): D {
  return poolData<StageData<D>>().data;
}

/** Makes the default export of a worker file for a `StagePool` with these stages. */
export function stageTask<M extends Stages<M>>(
  work: StageWork<M>,
): (task: StageTask<M, keyof M>) => Promise<WorkerOutcome<M[keyof M]["result"]>> {
  const progress = new ProgressCounters(poolData<StageData<unknown>>().counters);
  const carryOut = <S extends keyof M>({ stage, task }: StageTask<M, S>): Promise<M[S]["result"]> =>
    work[stage](task, progress);
  return workerTask(carryOut);
}

/** Runs stages, in threads or in this one. The caller closes it. */
export interface StageRunner<M extends Stages<M>> {
  readonly counters: ProgressCounters;
  /** @throws {FirebreakError} as the stage threw it; anything else as an Error with its message. */
  run<S extends keyof M>(stage: S, task: M[S]["task"]): Promise<M[S]["result"]>;
  close(): Promise<void>;
}

/** Runs stages in this thread, for work that is not worth the start of another one. */
export class LocalStages<M extends Stages<M>> implements StageRunner<M> {
  readonly counters: ProgressCounters = new ProgressCounters();
  readonly #work: StageWork<M>;
  readonly #end: () => Promise<void>;

  /** @param end releases what the work holds. */
  constructor(work: StageWork<M>, end: () => Promise<void>) {
    this.#work = work;
    this.#end = end;
  }

  run<S extends keyof M>(stage: S, task: M[S]["task"]): Promise<M[S]["result"]> {
    return this.#work[stage](task, this.counters);
  }

  close(): Promise<void> {
    return this.#end();
  }
}

/** Threads that all run one worker file, made with `stageTask`. The caller closes the pool. */
export class StagePool<M extends Stages<M>> implements StageRunner<M> {
  readonly counters: ProgressCounters = new ProgressCounters();
  readonly #pool: WorkerPool<StageTask<M, keyof M>, M[keyof M]["result"]>;

  /**
   * @param data the value that each thread gets from `stageData`.
   * @param youngMib the most memory for each thread's new objects.
   */
  constructor(file: URL, threads: number, data?: unknown, youngMib?: number) {
    const given: StageData<unknown> = { counters: this.counters.buffer, data };
    this.#pool = new WorkerPool(file, threads, given, youngMib);
  }

  async run<S extends keyof M>(stage: S, task: M[S]["task"]): Promise<M[S]["result"]> {
    return this.#pool.run({ stage, task });
  }

  async close(): Promise<void> {
    await this.#pool.close();
  }
}
