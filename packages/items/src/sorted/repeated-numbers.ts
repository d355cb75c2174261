import { blockRange, lowest, NUMBER_BYTES, prefixAt, readRun, type KeyRun } from "./key-run.ts";

/**
 * The blocks of numbers that are sorted at once. They have at most 2 MiB, of which three copies exist for a moment,
 * however many numbers there are.
 */
const BLOCKS_OF_SLICE = 500;

/**
 * Returns the numbers that occur more than once in runs, unsigned and sorted. It reads each run once, slice
 * by slice, so memory stays flat. It keeps only the repeated numbers, and usually there are none.
 *
 * @throws {FirebreakError} `disk-failed`
 */
export function repeatedNumbers(
  runs: readonly KeyRun[],
  blocksOfSlice: number = BLOCKS_OF_SLICE,
): Set<bigint> {
  const starts = new Float64Array(runs.reduce((sum, run) => sum + run.starts.length, 0));
  let at = 0;
  for (const run of runs) {
    starts.set(run.starts, at);
    at += run.starts.length;
  }
  starts.sort();
  const repeated = new Set<bigint>();
  let from = 0;
  for (let i = blocksOfSlice; i < starts.length + blocksOfSlice; i += blocksOfSlice) {
    const to = starts[i] ?? Infinity;
    collectRepeated(
      runs.map((run) => numbersBetween(run, from, to)),
      repeated,
    );
    from = to;
  }
  return repeated;
}

/** Returns the numbers of a run whose prefixes are in [from, to). */
function numbersBetween(run: KeyRun, from: number, to: number): BigUint64Array {
  const { starts, entryBytes } = run;
  const first = Math.max(0, lowest(starts.length, (i) => starts[i]! >= from) - 1);
  const end = lowest(starts.length, (i) => starts[i]! >= to);
  if (first >= end) return new BigUint64Array();
  const range = blockRange(run, end - 1);
  const { at } = blockRange(run, first);
  const entries = readRun(run, at, range.at + range.length - at);
  const isFar = (limit: number) => (i: number) => prefixAt(entries, i * entryBytes) >= limit;
  const count = entries.length / entryBytes;
  const [low, high] = [lowest(count, isFar(from)), lowest(count, isFar(to))];
  const numbers = new BigUint64Array(high - low);
  const bytes = Buffer.from(numbers.buffer);
  if (entryBytes === NUMBER_BYTES) entries.copy(bytes, 0, low * NUMBER_BYTES, high * NUMBER_BYTES);
  else
    for (let i = low; i < high; i++)
      entries.copy(bytes, (i - low) * NUMBER_BYTES, i * entryBytes, i * entryBytes + NUMBER_BYTES);
  bytes.swap64();
  return numbers;
}

function collectRepeated(runs: readonly BigUint64Array[], repeated: Set<bigint>): void {
  const all = new BigUint64Array(runs.reduce((sum, r) => sum + r.length, 0));
  let at = 0;
  for (const run of runs) {
    all.set(run, at);
    at += run.length;
  }
  all.sort();
  for (let i = 1; i < all.length; i++) if (all[i] === all[i - 1]) repeated.add(all[i]!);
}
