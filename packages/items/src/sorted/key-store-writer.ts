import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, sha256BytesOf } from "@firebreak/archive";
import { DATA_AT, entriesOfBlock, HASH_BYTES, prefixAt, VALUE_BYTES, type KeyRun } from "./key-run.ts";
import { LineSorter } from "./line-sorter.ts";
import { sharedNumbers, writeKeyRun } from "./write-key-run.ts";

/** Bytes of entries that stay in memory: some 800,000 keys. */
const MEMORY_BYTES = 16 * 1024 * 1024;
/**
 * Bytes of entries that are sorted at once. The allocator keeps these blocks when they are freed: with twice as much, a
 * comparison of two million changes, which has two such writers, takes 25 MiB more to its end.
 */
const RUN_BYTES = 8 * 1024 * 1024;
const WRITE_BLOCKS = 64;
const NO_LINE = Buffer.alloc(VALUE_BYTES);

interface StoreSettings {
  readonly memoryBytes?: number | undefined;
  readonly runBytes?: number | undefined;
  /** The size of the data of each key, a multiple of four. */
  readonly dataBytes?: number;
}

/**
 * Sorts texts, each with a number and data, into a run of keys for a `KeyStore`. Of equal texts the greatest
 * number counts. It holds some 8 MiB while keys are added. Sealed keys take 16 MiB, or an index and a filter
 * of at most that, with the rest in a file.
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
  constructor(
    folder: string,
    { memoryBytes = MEMORY_BYTES, runBytes = RUN_BYTES, dataBytes = 0 }: StoreSettings = {},
  ) {
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
    const line = value === 0 && bytes === VALUE_BYTES ? NO_LINE : Buffer.alloc(bytes);
    if (value > 0) line.writeUInt32LE(value, 0);
    data?.copy(line, VALUE_BYTES, 0, bytes - VALUE_BYTES);
    await this.#sorter.add({ key: hashOfKey(key), mark: 0, line });
  }

  /** Returns the keys, for any thread, until this is closed. */
  async seal(): Promise<KeyRun> {
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

  async #toMemory(most: number): Promise<KeyRun> {
    const entryBytes = this.#entryBytes;
    const bytes = Buffer.from(new SharedArrayBuffer(most * entryBytes));
    let at = 0;
    for await (const entry of this.#entries()) at += entry.copy(bytes, at);
    const count = at / entryBytes;
    const starts = sharedNumbers(Math.min(1, count));
    if (count > 0) starts[0] = prefixAt(bytes, 0);
    return {
      kind: "memory",
      entries: bytes.subarray(0, at),
      count,
      keyBytes: HASH_BYTES,
      entryBytes,
      entriesOfBlock: count,
      starts,
      last: count > 0 ? prefixAt(bytes, at - entryBytes) : 0,
    };
  }

  async #toFile(most: number): Promise<KeyRun> {
    await mkdir(this.#folder, { recursive: true }).catch((error: unknown) => {
      throw diskFault(error, this.#folder);
    });
    const layout = { keyBytes: HASH_BYTES, entryBytes: this.#entryBytes, most };
    return writeKeyRun(join(this.#folder, "keys"), layout, this.#chunks());
  }

  async *#chunks(): AsyncGenerator<Buffer> {
    let chunk = Buffer.alloc(WRITE_BLOCKS * entriesOfBlock(this.#entryBytes) * this.#entryBytes);
    let at = 0;
    for await (const entry of this.#entries()) {
      at += entry.copy(chunk, at);
      if (at < chunk.length) continue;
      yield chunk;
      chunk = Buffer.alloc(chunk.length);
      at = 0;
    }
    if (at > 0) yield chunk.subarray(0, at);
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

/** Returns the part of a text's hash that tells it from all others. */
export function hashOfKey(key: string): Buffer {
  return sha256BytesOf(key).subarray(0, HASH_BYTES);
}
