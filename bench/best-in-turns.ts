/** What a run took; `peakMib` where its memory is of interest. */
export interface Timed {
  readonly wallSeconds: number;
  readonly peakMib?: number | undefined;
}

type Results<Runs> = { [Name in keyof Runs]: Runs[Name] extends () => Promise<infer R> ? R : never };

/**
 * Runs each in its turn, so many times, and gives the quickest of each with the
 * highest peak of all: a machine's speed changes within minutes, and what grows
 * warmer or slower is to nobody's credit.
 */
export async function bestInTurns<Runs extends Record<string, () => Promise<Timed>>>(
  rounds: number,
  runs: Runs,
): Promise<Results<Runs>> {
  const best = new Map<string, Timed>();
  for (let round = 0; round < rounds; round++)
    for (const [name, run] of Object.entries(runs)) best.set(name, better(best.get(name), await run()));
  return Object.fromEntries(best) as Results<Runs>;
}

function better(a: Timed | undefined, b: Timed): Timed {
  if (a === undefined) return b;
  const quicker = a.wallSeconds <= b.wallSeconds ? a : b;
  return { ...quicker, peakMib: a.peakMib === undefined ? b.peakMib : Math.max(a.peakMib, b.peakMib ?? 0) };
}
