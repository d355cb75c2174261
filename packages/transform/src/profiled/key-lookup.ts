import { closeSync, openSync, readSync } from "node:fs";
import { diskFault } from "@firebreak/archive";
import { decryptAt } from "./counter-mode.ts";
import { RUN_BLOCK, type KeyRun, type RunValues } from "./key-run.ts";

/**
 * The most blocks kept of all runs, some 30 KB each. Lookups mostly ask for neighbouring keys, unless
 * documents lie in the order of hashes. Then each block that is read again leaves garbage of its own
 * size.
 */
const MAX_BLOCKS = 1024;

interface Block {
  readonly keys: BigUint64Array;
  /** The texts, read on demand. */
  texts?: BlockTexts;
}

interface BlockTexts {
  readonly starts: Uint32Array;
  readonly bytes: Buffer;
}

/** Finds keys and values in a group's runs, with at most one read, in memory that does not grow with them. */
export class KeyLookup {
  readonly #runs: readonly KeyRun[];
  readonly #blocks = new Map<string, Block>();

  constructor(runs: readonly KeyRun[]) {
    this.#runs = runs;
  }

  /**
   * True if a line has the key.
   *
   * @throws {FirebreakError} `disk-failed`, as `find` does.
   */
  has(key: bigint): boolean {
    for (const _ of this.#places(BigInt.asUintN(64, key))) return true;
    return false;
  }

  /** Returns the distinct values of a key, or none if its lines stored no value. */
  find(key: bigint): string[] {
    const found = new Set<string>();
    for (const { run, block, number, at } of this.#places(BigInt.asUintN(64, key))) {
      if (run.values === undefined) continue;
      const { starts, bytes } = (block.texts ??= readTexts(run, run.values, number));
      const text = bytes.toString("utf8", starts[at]! - starts[0]!, starts[at + 1]! - starts[0]!);
      if (text !== "") found.add(text);
    }
    return [...found];
  }

  /** Yields the positions of a key. `number` is the block's number in its run. */
  *#places(key: bigint): Generator<{ run: KeyRun; block: Block; number: number; at: number }> {
    for (const [i, run] of this.#runs.entries()) {
      if (run.count === 0 || key < run.blocks[0]! || key > run.last) continue;
      // If a key occurs several times, it may begin in the block before.
      for (let number = firstBlock(run, key); number < run.blocks.length; number++) {
        if (run.blocks[number]! > key) break;
        const block = this.#block(i, run, number);
        for (let at = lowerBound(block.keys, key); block.keys[at] === key; at++)
          yield { run, block, number, at };
      }
    }
  }

  #block(i: number, run: KeyRun, number: number): Block {
    const name = `${i} ${number}`;
    const known = this.#blocks.get(name);
    if (known !== undefined) return known;
    const [oldest] = this.#blocks.keys();
    if (this.#blocks.size >= MAX_BLOCKS) this.#blocks.delete(oldest!);
    const from = number * RUN_BLOCK;
    const bytes = readAt(run.keysFile, from * 8, countOf(run, number) * 8);
    const read = { keys: new BigUint64Array(aligned(bytes)) };
    this.#blocks.set(name, read);
    return read;
  }
}

/** Returns the last block that begins below the key, or the first block. */
function firstBlock({ blocks }: KeyRun, key: bigint): number {
  let [low, high] = [0, blocks.length - 1];
  while (low < high) {
    const middle = Math.ceil((low + high) / 2);
    if (blocks[middle]! < key) low = middle;
    else high = middle - 1;
  }
  return low;
}

/** Returns the position of the first key that is not below the given one. */
function lowerBound(keys: BigUint64Array, key: bigint): number {
  let [low, high] = [0, keys.length];
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (keys[middle]! < key) low = middle + 1;
    else high = middle;
  }
  return low;
}

function countOf(run: KeyRun, block: number): number {
  return Math.min(RUN_BLOCK, run.count - block * RUN_BLOCK);
}

function readTexts(run: KeyRun, { file, number, secret }: RunValues, block: number): BlockTexts {
  const count = countOf(run, block);
  const plainAt = (at: number, length: number): Buffer => {
    const bytes = readAt(file, at, length);
    return secret === undefined ? bytes : decryptAt(bytes, at, number, secret);
  };
  const starts = new Uint32Array(aligned(plainAt(block * RUN_BLOCK * 4, (count + 1) * 4)));
  const textsAt = (run.count + 1) * 4;
  return { starts, bytes: plainAt(textsAt + starts[0]!, starts[count]! - starts[0]!) };
}

/** Copies the bytes into a buffer of their own, in which numbers are aligned. */
function aligned(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer;
}

function readAt(file: string, at: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  try {
    const handle = openSync(file, "r");
    try {
      for (let read = 0; read < length;) {
        const count = readSync(handle, bytes, read, length - read, at + read);
        if (count === 0) throw new Error("a file of keys became shorter while it was read");
        read += count;
      }
    } finally {
      closeSync(handle);
    }
  } catch (error) {
    throw diskFault(error, file);
  }
  return bytes;
}
