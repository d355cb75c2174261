import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { createContext, Script, type Context } from "node:vm";

/**
 * Calls the function that `--expose-gc` provides. With this flavor emptied pages go back to the system; a
 * plain call keeps them.
 */
const COLLECT = new Script('gc({ type: "major", execution: "sync", flavor: "last-resort" })');

let withCollector: Context | undefined;

/**
 * Returns memory to the system at once. Call it after a huge line: the line leaves several times its size
 * behind, and by itself the collector would wait for more of them.
 */
export function collectGarbage(): void {
  if (withCollector === undefined) {
    setFlagsFromString("--expose-gc");
    withCollector = createContext();
  }
  COLLECT.runInContext(withCollector);
}

/** Parts of so many bytes of plaintext leave so much that it is worth while to collect it. */
const LARGE_BYTES = 16 * 1024 * 1024;

/**
 * Returns memory to the system after work on parts that hold a lot. Large blocks, as of hashes and of sorted lines,
 * would pile up in each thread: with a million documents of which two fifths changed, two threads that compare
 * take 480 MiB without this, and 375 to 392 with it, for a tenth more CPU (bench/delta-memory.ts).
 */
export function collectAfter(parts: readonly { readonly plainBytes: number }[]): void {
  if (parts.reduce((sum, { plainBytes }) => sum + plainBytes, 0) >= LARGE_BYTES) collectGarbage();
}

/**
 * Lets the heap grow fivefold between two collections, for good. It is for a step that streams parts through
 * a small heap. Without it, the buffers that such a step leaves behind start collections of everything that
 * the modules keep alive, which take a fifth of the CPU of reading parts (bench/garbage.ts).
 */
export function collectSeldom(): void {
  setFlagsFromString("--heap-growing-percent=400");
}

/** The limit of the main thread's young generation. The pool that starts a thread limits that thread's. */
const YOUNG_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
let looking: NodeJS.Timeout | undefined;

/** The growth of the heap between two collections, in per cent, for a step that makes millions of small objects. */
const OFTEN = 40;

/**
 * Lets the heap grow by two fifths between two collections, for good, in all threads, and the main thread's
 * young generation to 32 MiB. It is for a step that makes millions of small objects, of which few stay. By
 * itself the collector lets objects that outlived their first moments pile up to several times the live ones,
 * and on a machine with much memory gives 128 MiB to the young generation.
 *
 * @param growingPercent another growth, for a step that also reads many blocks: these start collections, too.
 */
export function collectOften(growingPercent: number = OFTEN): void {
  setFlagsFromString(`--heap-growing-percent=${growingPercent}`);
  // The first size for threads that start later: by then the main thread may have switched growing off.
  setFlagsFromString("--min-semi-space-size=8");
  looking ??= setInterval(limitYoung, LOOK_EVERY_MS).unref();
}

/**
 * Switches growing off at the limit, and on below it, because V8 shrinks the young generation when the
 * process is idle. The factor of growth can change at any time, the largest size only before V8 starts.
 */
function limitYoung(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  const isFull = (young?.space_size ?? 0) >= YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isFull ? 1 : 2}`);
}
