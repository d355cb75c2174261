/** 128 bits of a key's SHA-256, so that no two keys collide. */
export const HASH_BYTES = 16;
/** The size of the hash and a 32-bit number. */
export const ENTRY_BYTES = HASH_BYTES + 4;
/** The entries that one read takes from the file. Their bytes are whole blocks of the cipher. */
export const ENTRIES_OF_BLOCK = 204;
export const BLOCK_BYTES = ENTRIES_OF_BLOCK * ENTRY_BYTES;
const CIPHER_BLOCK_BYTES = 16;
/** The number of a hash's bytes that a number holds exactly. */
const PREFIX_BYTES = 6;

/**
 * The keys of a `KeyStoreWriter`, in the order of their hashes, each once. It goes to other threads without
 * being copied.
 */
export type SealedKeys =
  | { readonly kind: "memory"; readonly count: number; readonly entries: Uint8Array }
  | {
      readonly kind: "file";
      readonly count: number;
      readonly file: string;
      /** The file's encryption key, so that the file of a killed run reveals nothing. */
      readonly secret: Uint8Array;
      readonly start: Uint8Array;
      /** The prefix of the first hash of each block. */
      readonly starts: Float64Array;
      /** A Bloom filter: a key is missing unless all its bits are set here. */
      readonly filter: Uint8Array;
    };

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

/** Returns the counter that decrypts the cipher's stream from a block on. */
export function counterAt(start: Uint8Array, block: number): Buffer {
  const counter = Buffer.from(start);
  let carry = block * (BLOCK_BYTES / CIPHER_BLOCK_BYTES);
  for (let i = counter.length - 1; i >= 0 && carry > 0; i--) {
    const sum = counter[i]! + (carry % 256);
    counter[i] = sum & 0xff;
    carry = Math.floor(carry / 256) + (sum >>> 8);
  }
  return counter;
}
