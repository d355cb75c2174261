import { createCipheriv, randomBytes } from "node:crypto";
import { createWriteStream } from "node:fs";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { Readable } from "node:stream";
import { pipeline } from "node:stream/promises";
import { diskFault, sha256BytesOf } from "@firebreak/archive";
import {
  DATA_AT,
  entriesOfBlock,
  filterBits,
  HASH_BYTES,
  prefixAt,
  type SealedKeys,
} from "./key-store-layout.ts";
import { LineSorter } from "./line-sorter.ts";

/** Bytes of entries that stay in memory: some 800,000 keys. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/** The filter's bits for each key. */
const BITS_OF_KEY = 8;
/** The most bits of the filter. A filter of this size lets through more keys that are not there. */
const MOST_FILTER_BITS = 2 ** 27;
const WRITE_BLOCKS = 64;
const NO_LINE = Buffer.alloc(4);

interface StoreSettings {
  readonly memoryBytes?: number | undefined;
  readonly runBytes?: number | undefined;
  /** The size of the data of each key, a multiple of four. */
  readonly dataBytes?: number;
}

/**
 * Sorts keys, each with a number and data, into a `KeyStore`. Of equal keys the greatest number counts. It holds some
 * 32 MiB while keys are added. Sealed keys take 16 MiB, or an index and a filter of at most that, with the
 * rest in a file.
 *
 * @throws {FirebreakError} `disk-full` or `disk-failed`, from any of its methods.
 */
export class KeyStoreWriter {
  readonly #folder: string;
  readonly #memoryBytes: number;
  readonly #entryBytes: number;
  readonly #sorter: LineSorter;

  /**
   * @param folder a folder for this object alone, for keys that do not fit in memory: made when needed,
   * removed on close.
   */
  constructor(folder: string, { memoryBytes = MEMORY_BYTES, runBytes, dataBytes = 0 }: StoreSettings = {}) {
    this.#folder = folder;
    this.#memoryBytes = memoryBytes;
    this.#entryBytes = DATA_AT + dataBytes;
    this.#sorter = new LineSorter(join(folder, "runs"), runBytes);
  }

  /**
   * @param key in byte text.
   * @param value 0 to 2^32 - 1.
   * @param data as many of its first bytes are kept as the store has for each key.
   */
  async add(key: string, value = 0, data?: Buffer): Promise<void> {
    const bytes = this.#entryBytes - HASH_BYTES;
    const line = value === 0 && bytes === NO_LINE.length ? NO_LINE : Buffer.alloc(bytes);
    if (value > 0) line.writeUInt32LE(value, 0);
    data?.copy(line, 4, 0, bytes - 4);
    await this.#sorter.add({ key: hashOfKey(key), mark: 0, line });
  }

  /** Returns the keys, for any thread, until this is closed. */
  async seal(): Promise<SealedKeys> {
    const most = this.#sorter.count;
    const sealed =
      most * this.#entryBytes <= this.#memoryBytes ? await this.#toMemory(most) : await this.#toFile(most);
    await this.#sorter.close();
    return sealed;
  }

  /** Removes everything; sealed keys can then no longer be looked up. */
  async close(): Promise<void> {
    await this.#sorter.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  async #toMemory(most: number): Promise<SealedKeys> {
    const entryBytes = this.#entryBytes;
    const bytes = Buffer.from(new SharedArrayBuffer(most * entryBytes));
    let at = 0;
    for await (const entry of this.#entries()) at += entry.copy(bytes, at);
    return { kind: "memory", count: at / entryBytes, entryBytes, entries: bytes.subarray(0, at) };
  }

  async #toFile(most: number): Promise<SealedKeys> {
    const file = join(this.#folder, "keys");
    const [secret, start] = [randomBytes(32), randomBytes(16)];
    const entryBytes = this.#entryBytes;
    const inBlock = entriesOfBlock(entryBytes);
    const starts = new Float64Array(
      new SharedArrayBuffer(Math.ceil(most / inBlock) * Float64Array.BYTES_PER_ELEMENT),
    );
    const filterSize = Math.min(2 ** Math.ceil(Math.log2(most * BITS_OF_KEY)), MOST_FILTER_BITS);
    const filter = new Uint8Array(new SharedArrayBuffer(filterSize / 8));
    let count = 0;
    const entries = this.#entries();
    const blocks = async function* (): AsyncGenerator<Buffer> {
      let block = Buffer.alloc(WRITE_BLOCKS * inBlock * entryBytes);
      let at = 0;
      for await (const entry of entries) {
        if (count % inBlock === 0) starts[count / inBlock] = prefixAt(entry, 0);
        for (const bit of filterBits(entry, filterSize)) filter[bit >>> 3]! |= 1 << (bit & 7);
        at += entry.copy(block, at);
        count++;
        if (at < block.length) continue;
        yield block;
        block = Buffer.alloc(block.length);
        at = 0;
      }
      if (at > 0) yield block.subarray(0, at);
    };
    try {
      await mkdir(this.#folder, { recursive: true });
      const cipher = createCipheriv("aes-256-ctr", secret, start);
      await pipeline(Readable.from(blocks()), cipher, createWriteStream(file));
    } catch (error) {
      throw diskFault(error, file);
    }
    const blockCount = Math.ceil(count / inBlock);
    return {
      kind: "file",
      count,
      entryBytes,
      file,
      secret,
      start,
      starts: starts.subarray(0, blockCount),
      filter,
    };
  }

  /** Yields each key once, in order. */
  async *#entries(): AsyncGenerator<Buffer> {
    let held: Buffer | undefined;
    for await (const { key, line } of await this.#sorter.sorted()) {
      if (held !== undefined && held.compare(key, 0, HASH_BYTES, 0, HASH_BYTES) === 0) {
        if (line.readUInt32LE(0) > held.readUInt32LE(HASH_BYTES)) line.copy(held, HASH_BYTES);
        continue;
      }
      if (held !== undefined) yield held;
      held = Buffer.concat([key, line]);
    }
    if (held !== undefined) yield held;
  }
}

/** Returns the part of a key's hash that tells it from all others. */
export function hashOfKey(key: string): Buffer {
  return sha256BytesOf(key).subarray(0, HASH_BYTES);
}
