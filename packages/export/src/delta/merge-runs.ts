import type { ChangeRun, ChangeRunReader, KeyChange } from "./change-run.ts";

/** The changes of several runs, in the order of their keys. No key is in two of them. */
export async function* mergeRuns(runs: readonly ChangeRun[]): AsyncGenerator<KeyChange> {
  const readers: ChangeRunReader[] = [];
  try {
    for (const run of runs) {
      const reader = run.open();
      readers.push(reader);
      await reader.next();
    }
    const standing = readers.filter((r) => r.key !== undefined).sort(byKey);
    while (standing.length > 0) {
      const first = standing[0]!;
      yield { key: first.key!, fate: first.fate, line: await first.takeLine() };
      await first.next();
      if (first.key === undefined) standing.shift();
      else sink(standing, first);
    }
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** Puts the first of a sorted list to where it now belongs. */
function sink(sorted: ChangeRunReader[], first: ChangeRunReader): void {
  let low = 1;
  let high = sorted.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (byKey(sorted[middle]!, first) < 0) low = middle + 1;
    else high = middle;
  }
  sorted.copyWithin(0, 1, low);
  sorted[low - 1] = first;
}

function byKey(a: ChangeRunReader, b: ChangeRunReader): number {
  return Buffer.compare(a.key!, b.key!);
}
