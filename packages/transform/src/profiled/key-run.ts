import { createCipheriv } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";
import { counterAt } from "./counter-mode.ts";

/** The number of keys in a block. Values are looked up block by block. */
export const RUN_BLOCK = 512;

/**
 * The keys and values of one part, sorted by key, in two files that exist while a transform runs. `keysFile`
 * has 64-bit numbers, little-endian, as `repeatedHashes` reads them. The file of values has the offset of
 * each value as a 32-bit number, one more offset for the end, then the values as UTF-8.
 */
export interface KeyRun {
  readonly keysFile: string;
  readonly count: number;
  readonly last: bigint;
  /** The first key of every block, unsigned, in memory that threads share: a lookup reads only one block. */
  readonly blocks: BigUint64Array<SharedArrayBuffer>;
  /** The values. Missing if no key has one. */
  readonly values?: RunValues;
}

export interface RunValues {
  readonly file: string;
  /** The run's number, which is part of the counter that encrypts the values. */
  readonly number: number;
  /** The 32 bytes that encrypt the values if the archive is encrypted, because values reveal its contents. */
  readonly secret: Uint8Array | undefined;
}

/** Collects the keys of a part. It holds no more than the part has. */
export class KeyRunWriter {
  #keys = new BigUint64Array(4096);
  readonly #values: (string | undefined)[] = [];
  #count = 0;

  add(key: bigint, value: string | undefined): void {
    if (this.#count === this.#keys.length) {
      const grown = new BigUint64Array(this.#keys.length * 2);
      grown.set(this.#keys);
      this.#keys = grown;
    }
    this.#keys[this.#count] = BigInt.asUintN(64, key);
    if (value !== undefined) this.#values[this.#count] = value;
    this.#count++;
  }

  /**
   * Writes the run.
   *
   * @param file the path without its suffix. @param number is unique among all runs of a transform.
   */
  async write(file: string, number: number, secret: Uint8Array | undefined): Promise<KeyRun> {
    const order = this.#order();
    const keys = new BigUint64Array(order.length);
    order.forEach((from, i) => (keys[i] = this.#keys[from]!));
    const keysFile = `${file}.keys`;
    await write(keysFile, keys);
    const run = { keysFile, count: keys.length, last: keys.at(-1) ?? 0n, blocks: blocksOf(keys) };
    if (this.#values.length === 0) return run;
    const texts = Array.from(order, (from) => Buffer.from(this.#values[from] ?? "", "utf8"));
    const starts = new Uint32Array(texts.length + 1);
    texts.forEach((text, i) => (starts[i + 1] = starts[i]! + text.length));
    const content = Buffer.concat([Buffer.from(starts.buffer), ...texts]);
    const values = { file: `${file}.values`, number, secret };
    await write(
      values.file,
      secret === undefined
        ? content
        : createCipheriv("aes-256-ctr", secret, counterAt(number, 0)).update(content),
    );
    return { ...run, values };
  }

  #order(): Uint32Array {
    const keys = this.#keys;
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i);
    // Documents mostly lie in the order of their ids.
    if (order.every((i) => i === 0 || keys[i - 1]! <= keys[i]!)) return order;
    return order.sort((a, b) => (keys[a]! < keys[b]! ? -1 : keys[a]! > keys[b]! ? 1 : a - b));
  }
}

function blocksOf(keys: BigUint64Array): BigUint64Array<SharedArrayBuffer> {
  const count = Math.ceil(keys.length / RUN_BLOCK);
  const blocks = new BigUint64Array(new SharedArrayBuffer(count * 8));
  for (let i = 0; i < count; i++) blocks[i] = keys[i * RUN_BLOCK]!;
  return blocks;
}

async function write(file: string, content: Uint8Array | BigUint64Array): Promise<void> {
  await writeFile(file, content).catch((error: unknown) => {
    throw diskFault(error, file);
  });
}
