import { createCipheriv } from "node:crypto";
import { writeFile } from "node:fs/promises";
import { diskFault } from "@firebreak/archive";
import { counterAt } from "./counter-mode.ts";

/** Values are found by blocks of so many keys. */
export const RUN_BLOCK = 512;

/**
 * Keys and values of one part, sorted by key, in two files that live while a
 * transform runs. `keysFile`: 64-bit numbers, little-endian, as `repeatedHashes`
 * reads them. Of values: where each begins, as 32-bit numbers and one more for
 * the end, then their UTF-8.
 */
export interface KeyRun {
  readonly keysFile: string;
  readonly count: number;
  readonly last: bigint;
  /** The first key of every block, as unsigned numbers, in memory that threads share: a lookup reads one block. */
  readonly blocks: BigUint64Array<SharedArrayBuffer>;
  /** Missing where no key has a value. */
  readonly values?: RunValues;
}

export interface RunValues {
  readonly file: string;
  /** Of the run's place in the counter that encrypts it. */
  readonly number: number;
  /** 32 bytes that values are encrypted with where the archive is: they tell what is in it. */
  readonly secret: Uint8Array | undefined;
}

/** Gathers the keys of a part; holds no more than the part has. */
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

  /** @param file without its suffix; `number` is the run's own among all of a transform. */
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
