/** A result of `eachPart`: a finished part, or a moment to report progress. */
export type PartOutcome<R> = { readonly kind: "done"; readonly result: R } | { readonly kind: "tick" };

const TICK_MS = 250;

/**
 * Works on parts, `jobs` at a time, and yields each result as it comes. Ticks between them let the caller
 * show progress.
 *
 * It throws the first failure after the parts already begun have ended, so no work goes on behind the
 * caller's back. The parts may come from a plan that is still being made: it takes the next part only when a
 * job is free.
 */
export async function* eachPart<T, R>(
  parts: AsyncIterable<T> | Iterable<T>,
  jobs: number,
  work: (part: T) => Promise<R>,
): AsyncGenerator<PartOutcome<R>> {
  const running = new Map<number, Promise<{ id: number; result: R } | { id: number; error: unknown }>>();
  const source = Symbol.asyncIterator in parts ? parts[Symbol.asyncIterator]() : parts[Symbol.iterator]();
  const failures: unknown[] = [];
  let isExhausted = false;
  let next: Promise<{ step: IteratorResult<T> } | { id: undefined; error: unknown }> | undefined;
  let started = 0;

  while (true) {
    if (!isExhausted && failures.length === 0 && running.size < jobs && next === undefined)
      next = Promise.resolve()
        .then(() => source.next())
        .then(
          (step) => ({ step }),
          (error: unknown) => ({ id: undefined, error }),
        );
    if (running.size === 0 && next === undefined) break;
    const tick = timer();
    const winner = await Promise.race([
      ...running.values(),
      ...(next === undefined ? [] : [next]),
      tick.done,
    ]);
    tick.cancel();
    if (winner === undefined) yield { kind: "tick" };
    else if ("step" in winner) {
      next = undefined;
      if (winner.step.done === true) isExhausted = true;
      else {
        const id = started++;
        running.set(
          id,
          work(winner.step.value).then(
            (result) => ({ id, result }),
            (error: unknown) => ({ id, error }),
          ),
        );
      }
    } else {
      if (winner.id === undefined) next = undefined;
      else running.delete(winner.id);
      if ("error" in winner) failures.push(winner.error);
      else yield { kind: "done", result: winner.result };
    }
  }
  if (failures.length > 0) throw failures[0];
}

function timer(): { done: Promise<undefined>; cancel: () => void } {
  let handle: NodeJS.Timeout;
  const done = new Promise<undefined>((resolve) => (handle = setTimeout(() => resolve(undefined), TICK_MS)));
  return { done, cancel: () => clearTimeout(handle) };
}
