import { createCipheriv, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { writeFile } from "node:fs/promises";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { diskFault } from "@firebreak/archive";
import { entriesOfBlock, filterBits, HASH_BYTES, prefixAt, type KeyRun } from "./key-run.ts";

/** The filter's bits for each key. */
const BITS_OF_KEY = 8;
/** The most bits of the filter. A filter of this size lets through more keys that are not there. */
const MOST_FILTER_BITS = 2 ** 27;

export interface RunLayout {
  readonly keyBytes: number;
  readonly entryBytes: number;
  /** The number of entries, or more. */
  readonly most: number;
}

/**
 * Writes a run of keys to a file. Hashes get a filter.
 *
 * @param chunks sorted entries: whole blocks, apart from the last chunk.
 * @param texts bytes to write behind them.
 * @throws {FirebreakError} `disk-full` or `disk-failed`
 */
export async function writeKeyRun(
  file: string,
  { keyBytes, entryBytes, most }: RunLayout,
  chunks: Iterable<Buffer> | AsyncIterable<Buffer>,
  texts: readonly Buffer[] = [],
): Promise<KeyRun> {
  const [secret, start] = [randomBytes(32), randomBytes(16)];
  const inBlock = entriesOfBlock(entryBytes);
  const starts = sharedNumbers(Math.ceil(most / inBlock));
  const filter = keyBytes === HASH_BYTES ? newFilter(most) : undefined;
  let count = 0;
  let last = 0;
  const indexed = async function* (): AsyncGenerator<Buffer> {
    for await (const chunk of chunks) {
      for (let at = 0; at < chunk.length; at += inBlock * entryBytes)
        starts[count / inBlock + at / (inBlock * entryBytes)] = prefixAt(chunk, at);
      if (filter !== undefined) addToFilter(filter, chunk, entryBytes);
      count += chunk.length / entryBytes;
      last = prefixAt(chunk, chunk.length - entryBytes);
      yield chunk;
    }
    yield* texts;
  };
  try {
    const cipher = createCipheriv("aes-256-ctr", secret, start);
    if (Symbol.asyncIterator in chunks)
      await pipeline(Readable.from(indexed()), cipher, createWriteStream(file));
    else {
      // These chunks are in memory anyway, and a stream costs more than a small run.
      const encrypted: Buffer[] = [];
      for await (const chunk of indexed()) encrypted.push(cipher.update(chunk));
      await writeFile(file, encrypted);
    }
  } catch (error) {
    throw diskFault(error, file);
  }
  return {
    kind: "file",
    file,
    secret,
    start,
    count,
    keyBytes,
    entryBytes,
    entriesOfBlock: inBlock,
    last,
    starts: starts.subarray(0, Math.ceil(count / inBlock)),
    ...(filter === undefined ? {} : { filter }),
  };
}

/**
 * Returns a run of numbers in memory.
 *
 * @param entries sorted.
 * @param texts the bytes behind them.
 */
export function memoryRun(
  { keyBytes, entryBytes }: Omit<RunLayout, "most">,
  entries: Buffer,
  texts: readonly Buffer[] = [],
): KeyRun {
  const count = entries.length / entryBytes;
  const inBlock = entriesOfBlock(entryBytes);
  const starts = sharedNumbers(Math.ceil(count / inBlock));
  for (const i of starts.keys()) starts[i] = prefixAt(entries, i * inBlock * entryBytes);
  const all = Buffer.concat([entries, ...texts]);
  const shared = new Uint8Array(new SharedArrayBuffer(all.length));
  shared.set(all);
  return {
    kind: "memory",
    entries: shared,
    count,
    keyBytes,
    entryBytes,
    entriesOfBlock: inBlock,
    last: count === 0 ? 0 : prefixAt(entries, entries.length - entryBytes),
    starts,
  };
}

/** Returns numbers in memory that threads share. */
export function sharedNumbers(count: number): Float64Array {
  return new Float64Array(new SharedArrayBuffer(count * Float64Array.BYTES_PER_ELEMENT));
}

function newFilter(most: number): Uint8Array {
  const bits = Math.min(2 ** Math.ceil(Math.log2(most * BITS_OF_KEY)), MOST_FILTER_BITS);
  return new Uint8Array(new SharedArrayBuffer(bits / 8));
}

function addToFilter(filter: Uint8Array, entries: Buffer, entryBytes: number): void {
  for (let at = 0; at < entries.length; at += entryBytes)
    for (const bit of filterBits(entries.subarray(at, at + HASH_BYTES), filter.length * 8))
      filter[bit >>> 3]! |= 1 << (bit & 7);
}
