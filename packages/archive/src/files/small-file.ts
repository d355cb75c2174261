import { closeSync, constants, fstatSync, openSync, readSync } from "node:fs";

/** The most bytes that are read or decompressed in one piece. */
export const SMALL_BYTES: number = 2 * 1024 * 1024;

/** A pipe of this name would wait for a writer without the second flag, and Ctrl-C with it. */
const FLAGS: number = constants.O_RDONLY | constants.O_NONBLOCK;

/**
 * Reads a file that should have a certain size, at most `SMALL_BYTES`. For a file of a few KiB that takes a fifth of
 * the CPU that reading by promises takes (bench/small-parts.ts), and a delta has hundreds of them. The thread is
 * blocked meanwhile.
 *
 * @returns undefined for a file of another size, and with any fault: a stream that reads the file can name it.
 */
export function smallFile(path: string, bytes: number): Buffer | undefined {
  if (bytes > SMALL_BYTES) return undefined;
  try {
    const handle = openSync(path, FLAGS);
    try {
      const found = fstatSync(handle);
      if (!found.isFile() || found.size !== bytes) return undefined;
      const content = Buffer.allocUnsafe(bytes);
      return readSync(handle, content, 0, bytes, 0) === bytes ? content : undefined;
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}
