import { closeSync, openSync, readSync } from "node:fs";

/** The most bytes that are read or decompressed in one piece. */
export const SMALL_BYTES: number = 2 * 1024 * 1024;

/**
 * Reads a file that should have a certain size, at most `SMALL_BYTES`. It blocks the thread meanwhile, which takes a
 * fifth of the CPU of a file of a few KiB that is read by promises (bench/small-parts.ts); a delta has hundreds of
 * such files.
 *
 * @returns undefined for a file of another size, and with any fault: who reads the file as a stream can name it.
 */
export function smallFile(path: string, bytes: number): Buffer | undefined {
  if (bytes > SMALL_BYTES) return undefined;
  try {
    const handle = openSync(path, "r");
    try {
      // One byte more than there should be, to see if there is more.
      const content = Buffer.allocUnsafe(bytes + 1);
      return readSync(handle, content, 0, bytes + 1, 0) === bytes ? content.subarray(0, bytes) : undefined;
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}
