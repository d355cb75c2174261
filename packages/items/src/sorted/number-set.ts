const FIRST_COUNT = 512;

/** A set of numbers of 64 bits in memory. Each takes 8 to 16 bytes, and 24 for the moment in which the set grows. */
export class NumberSet {
  #numbers = new BigUint64Array(FIRST_COUNT);
  #count = 0;
  #sortedCount = 0;

  add(number: bigint): void {
    if (this.#count === this.#numbers.length) {
      const numbers = new BigUint64Array(this.#numbers.length * 2);
      numbers.set(this.#numbers);
      this.#numbers = numbers;
    }
    this.#numbers[this.#count++] = BigInt.asUintN(64, number);
  }

  /** Returns true if the number was added. The first call after one to `add` sorts them all. */
  has(number: bigint): boolean {
    if (this.#sortedCount < this.#count) {
      this.#numbers.subarray(0, this.#count).sort();
      this.#sortedCount = this.#count;
    }
    const sought = BigInt.asUintN(64, number);
    let [low, high] = [0, this.#count];
    while (low < high) {
      const middle = (low + high) >>> 1;
      if (this.#numbers[middle]! < sought) low = middle + 1;
      else high = middle;
    }
    return low < this.#count && this.#numbers[low] === sought;
  }
}
