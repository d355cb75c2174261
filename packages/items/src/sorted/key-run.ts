import { createDecipheriv } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { rm } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";

/** The size of a text's key: 128 bits of its SHA-256, so that no two texts collide. */
export const HASH_BYTES = 16;
/** The size of a number's key. */
export const NUMBER_BYTES = 8;
/** The size of the 32-bit number that may follow a key. */
export const VALUE_BYTES = 4;
/** The place of a text's data in its entry: behind the hash and the number. */
export const DATA_AT: number = HASH_BYTES + VALUE_BYTES;
/** The most bytes that one read takes from the file. */
const MOST_BLOCK_BYTES = 4096;
const CIPHER_BLOCK_BYTES = 16;
/** Holds a block from its read until it is decrypted. */
const SCRATCH = Buffer.alloc(MOST_BLOCK_BYTES);

/**
 * Keys in the order of their bytes, in memory or in a file that belongs to whoever had it written. It goes to
 * other threads without being copied.
 */
export type KeyRun = RunIndex & (MemoryRun | FileRun);

interface RunIndex {
  readonly count: number;
  readonly keyBytes: number;
  /** The size of a key with what follows it: nothing, or a 32-bit number, which data may follow. */
  readonly entryBytes: number;
  readonly entriesOfBlock: number;
  /** The prefix of the first key of each block. */
  readonly starts: Float64Array;
  /** The prefix of the last key. */
  readonly last: number;
  /** A Bloom filter: a key is missing unless all its bits are set here. */
  readonly filter?: Uint8Array;
  /**
   * For each block the start of its texts, which follow the entries in the file, and the end of all. The
   * number of an entry is then the start of its text.
   */
  readonly textStarts?: Float64Array;
}

interface MemoryRun {
  readonly kind: "memory";
  readonly entries: Uint8Array;
}

interface FileRun {
  readonly kind: "file";
  readonly file: string;
  /** The file's encryption key, so that the file of a killed run reveals nothing. */
  readonly secret: Uint8Array;
  readonly start: Uint8Array;
}

/** Returns the first 64 bits of the key at a place, rounded: keys with different prefixes sort as these do. */
export function prefixAt(entries: Buffer, at: number): number {
  return entries.readUInt32BE(at) * 2 ** 32 + entries.readUInt32BE(at + 4);
}

/**
 * Returns the bits of a filter for a hash.
 * @param size a power of two.
 */
export function filterBits(hash: Buffer, size: number): readonly [number, number] {
  return [hash.readUInt32LE(8) & (size - 1), hash.readUInt32LE(12) & (size - 1)];
}

/**
 * Reads entries of a run, or bytes behind them in its file.
 *
 * @param handle the file if it is open already.
 * @throws {FirebreakError} `disk-failed`
 */
export function readRun(run: KeyRun, at: number, length: number, handle?: number): Buffer {
  if (run.kind === "memory") return bytesOf(run.entries).subarray(at, at + length);
  const bytes = length > SCRATCH.length ? Buffer.allocUnsafeSlow(length) : SCRATCH.subarray(0, length);
  onDisk(run.file, () => {
    const opened = handle ?? openSync(run.file, "r");
    try {
      for (let read = 0; read < length;) {
        const count = readSync(opened, bytes, read, length - read, at + read);
        if (count === 0) throw new Error("a file of keys became shorter while it was read");
        read += count;
      }
    } finally {
      if (handle === undefined) closeSync(opened);
    }
  });
  const skipped = at % CIPHER_BLOCK_BYTES;
  const decipher = createDecipheriv("aes-256-ctr", run.secret, counterAt(run.start, at - skipped));
  if (skipped > 0) decipher.update(Buffer.alloc(skipped));
  return decipher.update(bytes);
}

/** Removes a run's file. */
export async function removeRun(run: KeyRun): Promise<void> {
  if (run.kind === "file") await rm(run.file);
}

/**
 * Returns the number of entries that one read takes from a file. Their bytes are whole blocks of the cipher.
 *
 * @param entryBytes a multiple of four.
 */
export function entriesOfBlock(entryBytes: number): number {
  return Math.floor(MOST_BLOCK_BYTES / entryBytes / 4) * 4;
}

/** Returns the place of a block's entries. */
export function blockRange(run: KeyRun, block: number): { readonly at: number; readonly length: number } {
  const first = block * run.entriesOfBlock;
  const count = Math.min(run.entriesOfBlock, run.count - first);
  return { at: first * run.entryBytes, length: count * run.entryBytes };
}

/** Returns the lowest number for which `isFar` is true; `count` if there is none. */
export function lowest(count: number, isFar: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFar(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** Returns the counter that decrypts the cipher's stream from a place on, which is a multiple of 16. */
export function counterAt(start: Uint8Array, at: number): Buffer {
  const counter = Buffer.from(start);
  let carry = at / CIPHER_BLOCK_BYTES;
  for (let i = counter.length - 1; i >= 0 && carry > 0; i--) {
    const sum = counter[i]! + (carry % 256);
    counter[i] = sum & 0xff;
    carry = Math.floor(carry / 256) + (sum >>> 8);
  }
  return counter;
}

export function onDisk<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskFault(error, file);
  }
}

/** Returns the same memory as a buffer. */
function bytesOf({ buffer, byteOffset, byteLength }: Uint8Array): Buffer {
  return Buffer.from(buffer, byteOffset, byteLength);
}
