import { eachPart, type Stage, type StepEvent } from "@firebreak/archive";

/** Parts that are worked on alike, several at a time. */
export interface LoadStage<N> {
  readonly stage: Stage;
  /** The number of parts at a time, if it is not the user's. */
  readonly jobs?: number;
  readonly totalItems: number;
  /** Each works on one part, to its entry in the ledger, and returns notes about it. */
  readonly parts: readonly (() => Promise<readonly StepEvent<N>[]>)[];
  /** Returns how much is done, including the work of an earlier run. */
  readonly progress: () => { readonly items: number; readonly bytes: number };
  readonly close?: () => Promise<void>;
}

/** Runs a stage. `assertHeld` throws if nothing more may be written. */
export async function* runStage<N>(
  { stage, parts, progress, totalItems, close, jobs: own }: LoadStage<N>,
  jobs: number,
  assertHeld: () => void,
): AsyncGenerator<StepEvent<N>> {
  try {
    for await (const outcome of eachPart(parts, own ?? jobs, (work) => work())) {
      assertHeld();
      if (outcome.kind === "done") yield* outcome.result;
      yield { kind: "progress", stage, ...progress(), totalItems };
    }
  } finally {
    await close?.();
  }
}
