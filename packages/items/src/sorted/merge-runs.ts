import { compareLines, type SortedLine, type SortedRun, type SortedRunReader } from "./sorted-run.ts";

/** Merges several runs: yields their lines in the order of their keys. */
export async function* mergeRuns(runs: readonly SortedRun[]): AsyncGenerator<SortedLine> {
  const readers: SortedRunReader[] = [];
  try {
    for (const run of runs) {
      const reader = run.open();
      readers.push(reader);
      await reader.next();
    }
    const standing = readers.filter((r) => r.key !== undefined).sort(byKey);
    while (standing.length > 0) {
      const first = standing[0]!;
      yield { key: first.key!, mark: first.mark, line: await first.takeLine() };
      await first.next();
      if (first.key === undefined) standing.shift();
      else sink(standing, first);
    }
  } finally {
    for (const reader of readers) await reader.close();
  }
}

/** Moves the first of a sorted list to its new place. */
function sink(sorted: SortedRunReader[], first: SortedRunReader): void {
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

function byKey(a: SortedRunReader, b: SortedRunReader): number {
  return compareLines({ key: a.key!, mark: a.mark }, { key: b.key!, mark: b.mark });
}
