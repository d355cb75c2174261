import { createDecipheriv } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { diskFault } from "@firebreak/archive";
import {
  counterAt,
  DATA_AT,
  entriesOfBlock,
  filterBits,
  HASH_BYTES,
  prefixAt,
  type SealedKeys,
} from "./key-store-layout.ts";
import { hashOfKey } from "./key-store-writer.ts";

/**
 * Looks up keys, each with a number and data. Few keys are in memory; of many, only an index is. Then a key that is
 * there costs one read of 4 KiB, and most of the others cost none. The caller closes it.
 */
export class KeyStore {
  readonly #keys: SealedKeys;
  readonly #entries: Buffer | undefined;
  readonly #handle: number | undefined;
  readonly #block: Buffer;

  /** @throws {FirebreakError} `disk-failed` */
  constructor(keys: SealedKeys) {
    this.#keys = keys;
    this.#block = Buffer.allocUnsafeSlow(entriesOfBlock(keys.entryBytes) * keys.entryBytes);
    if (keys.kind === "memory") {
      const { buffer, byteOffset, byteLength } = keys.entries;
      this.#entries = Buffer.from(buffer, byteOffset, byteLength);
    } else this.#handle = onDisk(keys.file, () => openSync(keys.file, "r"));
  }

  get count(): number {
    return this.#keys.count;
  }

  has(key: string): boolean {
    return this.get(key) !== undefined;
  }

  /**
   * Returns the number of a key; undefined if the key is missing.
   *
   * @param key in byte text.
   * @throws {FirebreakError} `disk-failed`
   */
  get(key: string): number | undefined {
    return this.#entry(key)?.readUInt32LE(HASH_BYTES);
  }

  /**
   * Returns the number and the data of a key, which is valid until the next call; undefined if the key is
   * missing.
   *
   * @throws {FirebreakError} `disk-failed`
   */
  find(key: string): { readonly number: number; readonly data: Buffer } | undefined {
    const entry = this.#entry(key);
    return entry && { number: entry.readUInt32LE(HASH_BYTES), data: entry.subarray(DATA_AT) };
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }

  #entry(key: string): Buffer | undefined {
    const { entryBytes } = this.#keys;
    if (this.#keys.count === 0) return undefined;
    const hash = hashOfKey(key);
    if (this.#keys.kind === "memory") return entryIn(this.#entries!, entryBytes, hash);
    const { filter, starts } = this.#keys;
    for (const bit of filterBits(hash, filter.length * 8))
      if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return undefined;
    const prefix = prefixAt(hash, 0);
    // A block may end with hashes that have the same prefix as the first of the next block.
    const first = Math.max(0, lowest(starts.length, (i) => starts[i]! >= prefix) - 1);
    for (let i = first; i < starts.length && starts[i]! <= prefix; i++) {
      const entry = entryIn(this.#read(i), entryBytes, hash);
      if (entry !== undefined) return entry;
    }
    return undefined;
  }

  #read(block: number): Buffer {
    const keys = this.#keys as Extract<SealedKeys, { kind: "file" }>;
    const at = block * this.#block.length;
    const length = Math.min(this.#block.length, keys.count * keys.entryBytes - at);
    const read = onDisk(keys.file, () => readSync(this.#handle!, this.#block, 0, length, at));
    if (read < length) throw diskFault(new Error("a file became shorter"), keys.file);
    const decipher = createDecipheriv("aes-256-ctr", keys.secret, counterAt(keys.start, at));
    return decipher.update(this.#block.subarray(0, length));
  }
}

function entryIn(entries: Buffer, entryBytes: number, hash: Buffer): Buffer | undefined {
  const prefix = prefixAt(hash, 0);
  const count = entries.length / entryBytes;
  const first = lowest(count, (i) => prefixAt(entries, i * entryBytes) >= prefix);
  for (let i = first; i < count; i++) {
    const at = i * entryBytes;
    if (prefixAt(entries, at) !== prefix) return undefined;
    if (hash.compare(entries, at, at + HASH_BYTES) === 0) return entries.subarray(at, at + entryBytes);
  }
  return undefined;
}

/** Returns the lowest number for which `isFar` is true; `count` if there is none. */
function lowest(count: number, isFar: (i: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (isFar(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

function onDisk<T>(file: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    throw diskFault(error, file);
  }
}
