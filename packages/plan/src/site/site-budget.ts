/** The most time for one collection, and for all. A plan gives up rather than load a busy server. */
const ONE_MS = 10_000;
const ALL_MS = 120_000;

/** The time that a server may count for a plan. */
export class SiteBudget {
  readonly #endsAt: number;

  constructor(allMs = ALL_MS) {
    this.#endsAt = performance.now() + allMs;
  }

  /** Returns the whole milliseconds for the next collection. Undefined if nothing is left. */
  next(): number | undefined {
    const left = Math.floor(Math.min(ONE_MS, this.#endsAt - performance.now()));
    return left < 1 ? undefined : left;
  }
}
