import { collectGarbage } from "./collect-garbage.ts";

/** The memory of the process from which its threads collect garbage. Every step is meant to stay below 400 MiB. */
const LIMIT_BYTES = 330 * 1024 * 1024;
/** A thread that has made less since its last collection would free little by another one. */
const LEAST_BYTES = 16 * 1024 * 1024;
const LOOK_EVERY_MS = 100;

/**
 * Collects this thread's garbage while the process is at a limit or above, whenever the thread has made some. Every
 * thread calls it once. The timer that it returns keeps no process alive.
 *
 * Blocks of parts and of messages lie outside the heap, and a collector that sees a small heap lets them pile up: the
 * load of a delta of 800,000 documents into MongoDB took 489 MiB, of which 150 came within 15 seconds without a
 * collection. With this it takes 339, for the same CPU. The memory of the process does not tell what there is to
 * collect, because freed blocks stay with the allocator: a thread that waited until the process had grown by a tenth
 * let it grow from 340 to 454 MiB.
 */
export function collectAtLimit(limitBytes: number = LIMIT_BYTES): NodeJS.Timeout {
  let leftBytes = 0;
  const look = (): void => {
    if (process.memoryUsage.rss() < limitBytes) return;
    // The collector also works by itself.
    leftBytes = Math.min(leftBytes, ownBytes());
    if (ownBytes() < leftBytes + LEAST_BYTES) return;
    collectGarbage();
    leftBytes = ownBytes();
  };
  return setInterval(look, LOOK_EVERY_MS).unref();
}

/** Returns the bytes of this thread's heap, and of what lies outside for it. */
function ownBytes(): number {
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
}
