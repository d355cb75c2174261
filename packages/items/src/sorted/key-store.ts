import { closeSync, openSync } from "node:fs";
import {
  blockRange,
  DATA_AT,
  filterBits,
  HASH_BYTES,
  lowest,
  NUMBER_BYTES,
  onDisk,
  prefixAt,
  readRun,
  type KeyRun,
} from "./key-run.ts";
import { hashOfKey } from "./key-store-writer.ts";

/**
 * The most blocks of numbers that are kept, of some 10 KB each. Lookups of numbers mostly ask for neighbours,
 * unless the numbers are hashes. Then each block that is read again leaves garbage of its own size.
 */
const MOST_BLOCKS = 2048;

interface Block {
  readonly number: number;
  readonly entries: Buffer;
  /** The texts of the entries, read on demand. */
  texts?: Buffer;
}

/** An entry. `at` is its first byte in the block. */
interface Found {
  readonly block: Block;
  readonly at: number;
}

/**
 * Looks up keys in runs, each with a number and data, or with a text. Keys are texts in byte text, or numbers
 * of 64 bits, signed or not. Of runs in files only an index is in memory, which finds a key with one read in
 * each run that may have it. A store of texts has one run, and the caller closes it.
 *
 * @throws {FirebreakError} `disk-failed`, from any of its methods.
 */
export class KeyStore {
  readonly #runs: readonly KeyRun[];
  readonly #blocks = new Map<number, Block>();
  /** The file of hashes. Runs of numbers may be more than a process can have open, and are read less often. */
  readonly #handle: number | undefined;
  readonly #number = Buffer.alloc(NUMBER_BYTES);
  /** The number of keys in all runs. */
  readonly count: number;

  constructor(...runs: readonly KeyRun[]) {
    this.#runs = runs;
    this.count = runs.reduce((sum, { count }) => sum + count, 0);
    const [run] = runs;
    if (runs.length === 1 && run!.kind === "file" && run!.keyBytes === HASH_BYTES)
      this.#handle = onDisk(run!.file, () => openSync(run!.file, "r"));
  }

  has(key: string | bigint): boolean {
    if (this.count === 0) return false;
    const bytes = this.#bytesOf(key);
    for (let i = 0; i < this.#runs.length; i++) if (this.#find(i, bytes) !== undefined) return true;
    return false;
  }

  /** Returns the number of a text; undefined if the text is missing. */
  get(key: string): number | undefined {
    const found = this.#findText(key);
    return found?.block.entries.readUInt32LE(found.at + HASH_BYTES);
  }

  /** Returns the number and the data of a text; undefined if the text is missing. */
  find(key: string): { readonly number: number; readonly data: Buffer } | undefined {
    const found = this.#findText(key);
    if (found === undefined) return undefined;
    const { block, at } = found;
    const data = block.entries.subarray(at + DATA_AT, at + this.#runs[0]!.entryBytes);
    return { number: block.entries.readUInt32LE(at + HASH_BYTES), data };
  }

  /** Returns the distinct texts of a number, or none if it was added without a text. */
  texts(key: bigint): string[] {
    const bytes = this.#bytesOf(key);
    const texts = new Set<string>();
    for (const [i, { textStarts }] of this.#runs.entries()) {
      if (textStarts === undefined) continue;
      for (let found = this.#find(i, bytes); found !== undefined; found = this.#next(i, bytes, found)) {
        const text = this.#textOf(i, textStarts, found);
        if (text !== "") texts.add(text);
      }
    }
    return [...texts];
  }

  close(): void {
    if (this.#handle !== undefined) closeSync(this.#handle);
  }

  #findText(key: string): Found | undefined {
    return this.count === 0 ? undefined : this.#find(0, hashOfKey(key));
  }

  #bytesOf(key: string | bigint): Buffer {
    if (typeof key === "string") return hashOfKey(key);
    this.#number.writeBigUInt64BE(BigInt.asUintN(64, key));
    return this.#number;
  }

  /** Returns the first entry of a key in a run. */
  #find(i: number, key: Buffer): Found | undefined {
    const { starts, entryBytes, filter, count, last } = this.#runs[i]!;
    if (filter !== undefined)
      for (const bit of filterBits(key, filter.length * 8))
        if ((filter[bit >>> 3]! & (1 << (bit & 7))) === 0) return undefined;
    const prefix = prefixAt(key, 0);
    if (count === 0 || prefix < starts[0]! || prefix > last) return undefined;
    // A block may end with keys that have the same prefix as the first of the next block.
    const first = Math.max(0, lowest(starts.length, (n) => starts[n]! >= prefix) - 1);
    for (let number = first; number < starts.length && starts[number]! <= prefix; number++) {
      const block = this.#block(i, number);
      const { entries } = block;
      const below = lowest(entries.length / entryBytes, (n) => prefixAt(entries, n * entryBytes) >= prefix);
      for (let at = below * entryBytes; at < entries.length; at += entryBytes) {
        if (key.compare(entries, at, at + key.length) === 0) return { block, at };
        if (prefixAt(entries, at) !== prefix) return undefined;
      }
    }
    return undefined;
  }

  /** Returns the entry after another if it has the same key. */
  #next(i: number, key: Buffer, { block, at }: Found): Found | undefined {
    const { entryBytes, starts } = this.#runs[i]!;
    let next: Found = { block, at: at + entryBytes };
    if (next.at === block.entries.length) {
      if (block.number + 1 === starts.length) return undefined;
      next = { block: this.#block(i, block.number + 1), at: 0 };
    }
    return key.compare(next.block.entries, next.at, next.at + key.length) === 0 ? next : undefined;
  }

  #textOf(i: number, textStarts: Float64Array, { block, at }: Found): string {
    const run = this.#runs[i]!;
    const { entries, number } = block;
    const [start, end] = [textStarts[number]!, textStarts[number + 1]!];
    block.texts ??= readRun(run, run.count * run.entryBytes + start, end - start, this.#handle);
    const next = at + run.entryBytes;
    const endAt = next === entries.length ? end : entries.readUInt32LE(next + NUMBER_BYTES);
    return block.texts.toString("utf8", entries.readUInt32LE(at + NUMBER_BYTES) - start, endAt - start);
  }

  #block(i: number, number: number): Block {
    const run = this.#runs[i]!;
    const name = i * 2 ** 32 + number;
    const known = this.#blocks.get(name);
    if (known !== undefined) return known;
    const { at, length } = blockRange(run, number);
    const block = { number, entries: readRun(run, at, length, this.#handle) };
    // Hashes that are asked for have no neighbours.
    if (run.kind === "file" && run.keyBytes !== NUMBER_BYTES) return block;
    if (this.#blocks.size >= MOST_BLOCKS) this.#blocks.delete(this.#blocks.keys().next().value!);
    this.#blocks.set(name, block);
    return block;
  }
}
