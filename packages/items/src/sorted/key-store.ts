import { createDecipheriv } from "node:crypto";
import { closeSync, openSync, readSync } from "node:fs";
import { diskFault } from "@firebreak/archive";
import {
  BLOCK_BYTES,
  counterAt,
  ENTRY_BYTES,
  filterBits,
  HASH_BYTES,
  prefixAt,
  type SealedKeys,
} from "./key-store-layout.ts";
import { hashOfKey } from "./key-store-writer.ts";

/**
 * Looks up keys, each with a number. Few keys are in memory; of many, only an index is. Then a key that is
 * there costs one read of 4 KiB, and most of the others cost none. The caller closes it.
 */
export class KeyStore {
  readonly #keys: SealedKeys;
  readonly #entries: Buffer | undefined;
  readonly #handle: number | undefined;
  readonly #block = Buffer.allocUnsafeSlow(BLOCK_BYTES);

  /** @throws {FirebreakError} `disk-failed` */
  constructor(keys: SealedKeys) {
    this.#keys = keys;
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
    if (this.#keys.count === 0) return undefined;
    const hash = hashOfKey(key);
    if (this.#keys.kind === "memory") return valueIn(this.#entries!, hash);
    const { filter, starts } = this.#keys;
    for (const bit of filterBits(hash, filter.length * 8))
      if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return undefined;
    const prefix = prefixAt(hash, 0);
    // A block may end with hashes that have the same prefix as the first of the next block.
    const first = Math.max(0, lowest(starts.length, (i) => starts[i]! >= prefix) - 1);
    for (let i = first; i < starts.length && starts[i]! <= prefix; i++) {
      const value = valueIn(this.#read(i), hash);
      if (value !== undefined) return value;
    }
    return undefined;
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }

  #read(block: number): Buffer {
    const keys = this.#keys as Extract<SealedKeys, { kind: "file" }>;
    const at = block * BLOCK_BYTES;
    const length = Math.min(BLOCK_BYTES, keys.count * ENTRY_BYTES - at);
    const read = onDisk(keys.file, () => readSync(this.#handle!, this.#block, 0, length, at));
    if (read < length) throw diskFault(new Error("a file became shorter"), keys.file);
    const decipher = createDecipheriv("aes-256-ctr", keys.secret, counterAt(keys.start, block));
    return decipher.update(this.#block.subarray(0, length));
  }
}

function valueIn(entries: Buffer, hash: Buffer): number | undefined {
  const prefix = prefixAt(hash, 0);
  const count = entries.length / ENTRY_BYTES;
  const first = lowest(count, (i) => prefixAt(entries, i * ENTRY_BYTES) >= prefix);
  for (let i = first; i < count; i++) {
    const at = i * ENTRY_BYTES;
    if (prefixAt(entries, at) !== prefix) return undefined;
    if (hash.compare(entries, at, at + HASH_BYTES) === 0) return entries.readUInt32LE(at + HASH_BYTES);
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
