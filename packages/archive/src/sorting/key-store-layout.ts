/** 128 bits of a key's SHA-256, so that no two keys are taken for one. */
export const HASH_BYTES = 16;
/** The hash and a 32-bit number. */
export const ENTRY_BYTES = HASH_BYTES + 4;
/** What is read from the file at once. Its bytes are whole blocks of the cipher. */
export const ENTRIES_OF_BLOCK = 204;
export const BLOCK_BYTES = ENTRIES_OF_BLOCK * ENTRY_BYTES;
const CIPHER_BLOCK_BYTES = 16;
/** As many bytes of a hash as a number holds exactly. */
const PREFIX_BYTES = 6;

/** Keys of a `KeyStoreWriter`, in the order of their hashes, each once; it goes to other threads without being copied. */
export type SealedKeys =
  | { readonly kind: "memory"; readonly count: number; readonly entries: Uint8Array }
  | {
      readonly kind: "file";
      readonly count: number;
      readonly file: string;
      /** The file is encrypted: what a killed run leaves tells nothing. */
      readonly secret: Uint8Array;
      readonly start: Uint8Array;
      /** How the first hash of each block begins. */
      readonly starts: Float64Array;
      /** A key whose bits are not all set in it is not there. */
      readonly filter: Uint8Array;
    };

/** How the hash at a place begins; hashes sort as these do, those that begin alike aside. */
export function prefixAt(entries: Buffer, at: number): number {
  return entries.readUIntBE(at, PREFIX_BYTES);
}

/** The bits of a filter that stand for a hash. @param size a power of two. */
export function filterBits(hash: Buffer, size: number): readonly [number, number] {
  return [hash.readUInt32LE(8) & (size - 1), hash.readUInt32LE(12) & (size - 1)];
}

/** Where in the cipher's stream a block begins, as the counter that decrypts from there on. */
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
