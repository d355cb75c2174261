import { open, stat } from "node:fs/promises";

const BYTES = 8;

/** The number of hashes in memory at once: 32 MiB, however many keys the collection has. */
const SLICE_HASHES = 4 << 20;

/**
 * Returns the hashes that occur more than once in several files of sorted 64-bit hashes, little-endian. It
 * goes through the hash space slice by slice, so memory stays flat. It keeps only the repeated hashes, and
 * usually there are none.
 */
export async function repeatedHashes(files: readonly string[]): Promise<Set<bigint>> {
  const counts: number[] = [];
  for (const file of files) counts.push((await stat(file)).size / BYTES);
  const total = counts.reduce((a, b) => a + b, 0);
  const slices = Math.max(1, Math.ceil((total * 1.2) / SLICE_HASHES));
  const width = ((1n << 64n) + BigInt(slices) - 1n) / BigInt(slices);
  const starts = counts.map(() => 0);
  const repeated = new Set<bigint>();
  for (let slice = 1; slice <= slices; slice++) {
    const limit = width * BigInt(slice);
    const runs: BigUint64Array[] = [];
    // Only one file is open at a time, because there may be thousands.
    for (const [i, file] of files.entries()) {
      await using handle = await open(file, "r");
      const end = slice === slices ? counts[i]! : await lowerBound(handle, starts[i]!, counts[i]!, limit);
      runs.push(await readHashes(handle, starts[i]!, end));
      starts[i] = end;
    }
    collectRepeated(runs, repeated);
  }
  return repeated;
}

type Handle = Awaited<ReturnType<typeof open>>;

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

async function readHashes(handle: Handle, start: number, end: number): Promise<BigUint64Array> {
  const hashes = new BigUint64Array(end - start);
  const bytes = new Uint8Array(hashes.buffer);
  for (let at = 0; at < bytes.length;) {
    const { bytesRead } = await handle.read(bytes, at, bytes.length - at, start * BYTES + at);
    if (bytesRead === 0) throw new Error("a file of key hashes became shorter while it was read");
    at += bytesRead;
  }
  return hashes;
}

/** Returns the first position in [low, high) whose hash is not below the limit. */
async function lowerBound(handle: Handle, low: number, high: number, limit: bigint): Promise<number> {
  let [from, to] = [low, high];
  while (from < to) {
    const middle = (from + to) >>> 1;
    if ((await readHashes(handle, middle, middle + 1))[0]! < limit) from = middle + 1;
    else to = middle;
  }
  return from;
}
