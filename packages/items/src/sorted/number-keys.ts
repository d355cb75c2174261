import { entriesOfBlock, NUMBER_BYTES, VALUE_BYTES, type KeyRun } from "./key-run.ts";
import { memoryRun, sharedNumbers, writeKeyRun } from "./write-key-run.ts";

/** The numbers for which no file is worth its while. */
const FEW = 512;
const FIRST_COUNT = FEW;

/**
 * Sorts numbers of 64 bits, each with a text or none, into a run of keys for a `KeyStore`. It holds them all,
 * so it is for those of one part.
 */
export class NumberKeys {
  #numbers = new BigUint64Array(FIRST_COUNT);
  /** The same numbers by halves, the lower one first. */
  #halves = new Uint32Array(this.#numbers.buffer);
  readonly #texts: (string | undefined)[] = [];
  #count = 0;

  /** @param text a few dozen bytes, and not the empty text. */
  add(number: bigint, text?: string): void {
    if (this.#count === this.#numbers.length) this.#grow();
    if (text !== undefined) this.#texts[this.#count] = text;
    this.#numbers[this.#count++] = BigInt.asUintN(64, number);
  }

  /** Adds the number that has these halves, the lower one first, which takes less time. */
  addHalves(halves: Uint32Array): void {
    if (this.#count === this.#numbers.length) this.#grow();
    this.#halves[this.#count * 2] = halves[0]!;
    this.#halves[this.#count * 2 + 1] = halves[1]!;
    this.#count++;
  }

  /**
   * Writes the run to a file, which the caller removes, or leaves it in memory if it is small. This object is
   * of no use afterwards.
   *
   * @param few the most numbers that stay in memory.
   * @throws {FirebreakError} `disk-full` or `disk-failed`
   */
  async write(file: string, few: number = FEW): Promise<KeyRun> {
    const numbers = this.#numbers.subarray(0, this.#count);
    const layout = { keyBytes: NUMBER_BYTES, entryBytes: NUMBER_BYTES, most: numbers.length };
    if (this.#texts.length > 0) return this.#writeTexts(file, numbers, few);
    numbers.sort();
    const entries = Buffer.from(numbers.buffer, 0, numbers.byteLength).swap64();
    if (numbers.length <= few) return memoryRun(layout, entries);
    return writeKeyRun(file, layout, [entries]);
  }

  async #writeTexts(file: string, numbers: BigUint64Array, few: number): Promise<KeyRun> {
    const order = orderOf(numbers);
    const entryBytes = NUMBER_BYTES + VALUE_BYTES;
    const inBlock = entriesOfBlock(entryBytes);
    const entries = Buffer.allocUnsafe(order.length * entryBytes);
    const texts = Array.from(order, (from) => Buffer.from(this.#texts[from] ?? "", "utf8"));
    const textStarts = sharedNumbers(Math.ceil(order.length / inBlock) + 1);
    let start = 0;
    for (const [i, from] of order.entries()) {
      if (i % inBlock === 0) textStarts[i / inBlock] = start;
      entries.writeBigUInt64BE(numbers[from]!, i * entryBytes);
      entries.writeUInt32LE(start, i * entryBytes + NUMBER_BYTES);
      start += texts[i]!.length;
    }
    textStarts[textStarts.length - 1] = start;
    const layout = { keyBytes: NUMBER_BYTES, entryBytes, most: order.length };
    const run =
      order.length <= few
        ? memoryRun(layout, entries, texts)
        : await writeKeyRun(file, layout, [entries], [Buffer.concat(texts)]);
    return { ...run, textStarts };
  }

  #grow(): void {
    const numbers = new BigUint64Array(this.#numbers.length * 2);
    numbers.set(this.#numbers);
    this.#numbers = numbers;
    this.#halves = new Uint32Array(numbers.buffer);
  }
}

/** Returns the places of numbers in their order. */
function orderOf(numbers: BigUint64Array): Uint32Array {
  const order = Uint32Array.from({ length: numbers.length }, (_, i) => i);
  // Documents mostly lie in the order of their ids.
  if (order.every((i) => i === 0 || numbers[i - 1]! <= numbers[i]!)) return order;
  return order.sort((a, b) => (numbers[a]! < numbers[b]! ? -1 : numbers[a]! > numbers[b]! ? 1 : a - b));
}
