import { getHeapSpaceStatistics, setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

/** What `--expose-gc` gives. With this flavor emptied pages go back to the system, which a plain call keeps for itself. */
type Collect = (options: { type: "major"; execution: "sync"; flavor: "last-resort" }) => void;

let collect: Collect | undefined;

/**
 * Gives memory back at once. After a huge line: it leaves several times its size
 * behind, and by itself the collector would wait for more of them.
 */
export function collectGarbage(): void {
  if (collect === undefined) {
    setFlagsFromString("--expose-gc");
    collect = runInNewContext("gc") as Collect;
  }
  collect({ type: "major", execution: "sync", flavor: "last-resort" });
}

/**
 * Lets the heap grow fivefold between two collections, for good. For a step that streams parts
 * through a small heap: the buffers that it leaves behind start collections of all that the modules
 * keep alive, and those take a fifth of the CPU of reading parts (bench/garbage.ts).
 */
export function collectSeldom(): void {
  setFlagsFromString("--heap-growing-percent=400");
}

/** The main thread's limit; the pool that starts a thread limits that thread's. */
const YOUNG_BYTES = 32 * 1024 * 1024;
const LOOK_EVERY_MS = 100;
let looking: NodeJS.Timeout | undefined;

/**
 * Lets the heap grow by two fifths between two collections, for good, in all threads, and the main thread's young
 * generation to 32 MiB. For a step that goes through millions of small objects, of which few stay: by itself the
 * collector lets what outlived its first moments pile up to several times what is alive, and gives 128 MiB to the
 * young where the machine has much memory.
 */
export function collectOften(): void {
  setFlagsFromString("--heap-growing-percent=40");
  // The first size of threads that start later: the main thread may have switched growing off by then.
  setFlagsFromString("--min-semi-space-size=8");
  looking ??= setInterval(limitYoung, LOOK_EVERY_MS).unref();
}

/**
 * Switches growing off at the limit, and on below it: V8 shrinks the young generation when the process is idle.
 * The factor of growth can change at any time, the largest size only before V8 starts.
 */
function limitYoung(): void {
  const young = getHeapSpaceStatistics().find(({ space_name: name }) => name === "new_space");
  const isFull = (young?.space_size ?? 0) >= YOUNG_BYTES;
  setFlagsFromString(`--semi-space-growth-factor=${isFull ? 1 : 2}`);
}
