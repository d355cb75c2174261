import type { SortedLine } from "./sorted-run.ts";

/** A line's place combines the number of its block and its start there, in one number of 32 bits. */
const OFFSET_BITS = 20;
const BLOCK_BYTES = 1 << OFFSET_BITS;
const OFFSET_MASK = BLOCK_BYTES - 1;
/** The size of the first block. It is small, because many namespaces have few lines each. */
const FIRST_BLOCK_BYTES = 16 * 1024;
const FIRST_PLACES = 256;
/** The size of the mark, and of the lengths of key and line as 32-bit numbers. */
const HEAD_BYTES = 9;
/** The number of a key's first bytes that are compared as one number, which is faster than to compare bytes. */
const PREFIX_BYTES = 6;
const PLACE_BYTES = Uint32Array.BYTES_PER_ELEMENT + Float64Array.BYTES_PER_ELEMENT;

/**
 * Lines in memory, to be sorted: their bytes in a few large blocks, without an object for each. Objects would
 * take several times the lines' own bytes, and the garbage collector would let the heap grow to a multiple of
 * that.
 */
export class GatheredLines {
  #blocks: Buffer[] = [];
  #spareBlocks: Buffer[] = [];
  /** The end of the last line in the last block. */
  #at = 0;
  #places = new Uint32Array(FIRST_PLACES);
  /** The first bytes of the key at each place. */
  #prefixes = new Float64Array(FIRST_PLACES);
  #count = 0;
  /** The bytes of all lines, with their heads and places. */
  bytes = 0;

  get count(): number {
    return this.#count;
  }

  /** Adds a copy of a line. */
  add({ key, mark, line }: SortedLine): void {
    const bytes = HEAD_BYTES + key.length + line.length;
    const block = this.#blockFor(bytes);
    if (this.#count === this.#places.length) this.#growPlaces();
    const start = this.#at;
    this.#prefixes[this.#count] = prefixOf(key);
    this.#places[this.#count++] = ((this.#blocks.length - 1) << OFFSET_BITS) | start;
    block.writeUInt8(mark, start);
    block.writeUInt32LE(key.length, start + 1);
    block.writeUInt32LE(line.length, start + 5);
    block.set(key, start + HEAD_BYTES);
    block.set(line, start + HEAD_BYTES + key.length);
    this.#at += bytes;
    this.bytes += bytes + PLACE_BYTES;
  }

  /**
   * Yields all lines in order; may be called again. Their buffers are parts of the blocks, valid until
   * `restart`.
   */
  *sorted(): Generator<SortedLine> {
    const [places, prefixes] = [this.#places, this.#prefixes];
    const order = Uint32Array.from({ length: this.#count }, (_, i) => i);
    order.sort((a, b) => prefixes[a]! - prefixes[b]! || this.#compare(places[a]!, places[b]!) || a - b);
    for (const i of order) {
      const place = places[i]!;
      const block = this.#blocks[place >>> OFFSET_BITS]!;
      const start = place & OFFSET_MASK;
      const lineStart = start + HEAD_BYTES + block.readUInt32LE(start + 1);
      const end = lineStart + block.readUInt32LE(start + 5);
      yield {
        key: block.subarray(start + HEAD_BYTES, lineStart),
        mark: block[start]!,
        line: block.subarray(lineStart, end),
      };
    }
  }

  /**
   * Forgets the lines, and keeps their blocks for as many others. As garbage the old blocks would stay for a
   * while beside new ones.
   */
  restart(): void {
    for (const block of this.#blocks) if (block.length === BLOCK_BYTES) this.#spareBlocks.push(block);
    this.#blocks = [];
    this.#at = 0;
    this.#count = 0;
    this.bytes = 0;
  }

  /** Releases all memory. */
  clear(): void {
    this.restart();
    this.#spareBlocks = [];
    this.#places = new Uint32Array(FIRST_PLACES);
    this.#prefixes = new Float64Array(FIRST_PLACES);
  }

  /**
   * Returns the last block, or a new one if the line does not fit there. A larger line gets a block of its
   * own size.
   */
  #blockFor(bytes: number): Buffer {
    const last = this.#blocks.at(-1);
    if (last !== undefined && this.#at < BLOCK_BYTES && this.#at + bytes <= last.length) return last;
    const spare = bytes <= BLOCK_BYTES ? this.#spareBlocks.pop() : undefined;
    const size = last === undefined ? FIRST_BLOCK_BYTES : BLOCK_BYTES;
    const block = spare ?? Buffer.allocUnsafeSlow(Math.max(size, bytes));
    this.#blocks.push(block);
    this.#at = 0;
    return block;
  }

  #growPlaces(): void {
    const [places, prefixes] = [this.#places, this.#prefixes];
    this.#places = new Uint32Array(places.length * 2);
    this.#places.set(places);
    this.#prefixes = new Float64Array(places.length * 2);
    this.#prefixes.set(prefixes);
  }

  /** Orders the lines at two places by the bytes of their keys; for the same key by the mark. */
  #compare(a: number, b: number): number {
    const [blockA, blockB] = [this.#blocks[a >>> OFFSET_BITS]!, this.#blocks[b >>> OFFSET_BITS]!];
    const [startA, startB] = [a & OFFSET_MASK, b & OFFSET_MASK];
    const [keyA, keyB] = [startA + HEAD_BYTES, startB + HEAD_BYTES];
    const [endA, endB] = [keyA + blockA.readUInt32LE(startA + 1), keyB + blockB.readUInt32LE(startB + 1)];
    return blockA.compare(blockB, keyB, endB, keyA, endA) || blockA[startA]! - blockB[startB]!;
  }
}

/** Returns the first bytes of a key as a number. A shorter key counts as if zeros followed. */
function prefixOf(key: Buffer): number {
  if (key.length >= PREFIX_BYTES) return key.readUIntBE(0, PREFIX_BYTES);
  return key.length === 0 ? 0 : key.readUIntBE(0, key.length) * 256 ** (PREFIX_BYTES - key.length);
}
