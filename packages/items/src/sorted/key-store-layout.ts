/** 128 bits of a key's SHA-256, so that no two keys collide. */
export const HASH_BYTES = 16;
/** The place of an entry's data: behind the hash and a 32-bit number. */
export const DATA_AT: number = HASH_BYTES + 4;
/** The most bytes that one read takes from the file. */
const MOST_BLOCK_BYTES = 4096;
const CIPHER_BLOCK_BYTES = 16;
/** The number of a hash's bytes that a number holds exactly. */
const PREFIX_BYTES = 6;

/**
 * The keys of a `KeyStoreWriter`, in the order of their hashes, each once. It goes to other threads without
 * being copied.
 */
export type SealedKeys =
  | {
      readonly kind: "memory";
      readonly count: number;
      readonly entryBytes: number;
      readonly entries: Uint8Array;
    }
  | {
      readonly kind: "file";
      readonly count: number;
      readonly entryBytes: number;
      readonly file: string;
      /** The file's encryption key, so that the file of a killed run reveals nothing. */
      readonly secret: Uint8Array;
      readonly start: Uint8Array;
      /** The prefix of the first hash of each block. */
      readonly starts: Float64Array;
      /** A Bloom filter: a key is missing unless all its bits are set here. */
      readonly filter: Uint8Array;
    };

/**
 * Returns the number of entries that one read takes. Their bytes are whole blocks of the cipher.
 *
 * @param entryBytes a multiple of four.
 */
export function entriesOfBlock(entryBytes: number): number {
  return Math.floor(MOST_BLOCK_BYTES / entryBytes / 4) * 4;
}

/** Returns the prefix of the hash at a place; hashes with different prefixes sort as these do. */
export function prefixAt(entries: Buffer, at: number): number {
  return entries.readUIntBE(at, PREFIX_BYTES);
}

/**
 * Returns the bits of a filter for a hash.
 * @param size a power of two.
 */
export function filterBits(hash: Buffer, size: number): readonly [number, number] {
  return [hash.readUInt32LE(8) & (size - 1), hash.readUInt32LE(12) & (size - 1)];
}

/** Returns the counter that decrypts the cipher's stream from a place on, which is a multiple of 16. */
export function counterAt(start: Uint8Array, at: number): Buffer {
  const counter = Buffer.from(start);
  let carry = at / CIPHER_BLOCK_BYTES;
  for (let i = counter.length - 1; i >= 0 && carry > 0; i--) {
    const sum = counter[i]! + (carry % 256);
    counter[i] = sum & 0xff;
    carry = Math.floor(carry / 256) + (sum >>> 8);
  }
  return counter;
}
