const TWO_32 = 4294967296;
const TWO_64 = 1n << 64n;

/** A table digest as files hold it: lanes are decimal text, because they exceed 2^53. */
export interface PlainDigest {
  readonly rowCount: number;
  readonly laneA: string;
  readonly laneB: string;
}

export const EMPTY_DIGEST: PlainDigest = { rowCount: 0, laneA: "0", laneB: "0" };

/**
 * Sums row hashes: the row count and two 64-bit lanes (the first and second eight bytes of each hash,
 * big-endian), each modulo 2^64. The order of rows does not count, and unlike XOR the sum is not fooled by
 * rows that come in pairs. Sums add and subtract: parts add up to a table, and quarantined rows can be
 * subtracted.
 */
export class TableDigest {
  #rowCount = 0;
  // Each lane is two 32-bit halves in doubles: BigInt per row would cost more than the hash itself.
  #aHigh = 0;
  #aLow = 0;
  #bHigh = 0;
  #bLow = 0;

  add(rowHash: Buffer): void {
    this.#add(
      rowHash.readUInt32BE(0),
      rowHash.readUInt32BE(4),
      rowHash.readUInt32BE(8),
      rowHash.readUInt32BE(12),
    );
  }

  /** Adds a hash given as byte text. */
  addText(rowHash: string): void {
    this.#add(wordAt(rowHash, 0), wordAt(rowHash, 4), wordAt(rowHash, 8), wordAt(rowHash, 12));
  }

  #add(aHigh: number, aLow: number, bHigh: number, bLow: number): void {
    this.#rowCount++;
    this.#aLow += aLow;
    this.#aHigh += aHigh;
    if (this.#aLow >= TWO_32) {
      this.#aLow -= TWO_32;
      this.#aHigh++;
    }
    this.#aHigh %= TWO_32;
    this.#bLow += bLow;
    this.#bHigh += bHigh;
    if (this.#bLow >= TWO_32) {
      this.#bLow -= TWO_32;
      this.#bHigh++;
    }
    this.#bHigh %= TWO_32;
  }

  toPlain(): PlainDigest {
    const lane = (high: number, low: number): string => String(BigInt(high) * BigInt(TWO_32) + BigInt(low));
    return {
      rowCount: this.#rowCount,
      laneA: lane(this.#aHigh, this.#aLow),
      laneB: lane(this.#bHigh, this.#bLow),
    };
  }
}

/** Returns the 32-bit number of four bytes, big-endian. */
function wordAt(text: string, at: number): number {
  const word =
    (text.charCodeAt(at) << 24) |
    (text.charCodeAt(at + 1) << 16) |
    (text.charCodeAt(at + 2) << 8) |
    text.charCodeAt(at + 3);
  return word >>> 0;
}

export function addDigests(a: PlainDigest, b: PlainDigest): PlainDigest {
  const lane = (x: string, y: string): string => String((BigInt(x) + BigInt(y)) % TWO_64);
  return { rowCount: a.rowCount + b.rowCount, laneA: lane(a.laneA, b.laneA), laneB: lane(a.laneB, b.laneB) };
}

/** Returns a digest without some of its rows. */
export function subtractDigests(from: PlainDigest, taken: PlainDigest): PlainDigest {
  const lane = (x: string, y: string): string => String((BigInt(x) - BigInt(y) + TWO_64) % TWO_64);
  return {
    rowCount: from.rowCount - taken.rowCount,
    laneA: lane(from.laneA, taken.laneA),
    laneB: lane(from.laneB, taken.laneB),
  };
}

export function isSameDigest(a: PlainDigest, b: PlainDigest): boolean {
  return a.rowCount === b.rowCount && a.laneA === b.laneA && a.laneB === b.laneB;
}
