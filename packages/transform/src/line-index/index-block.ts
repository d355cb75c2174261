/** The lines of a block. The last block of a file may have fewer. */
export const BLOCK_LINES = 1024;

/** The kinds of keys: a line has none, one that other lines may share or look up, or one of its rows only. */
export const KEY = { none: 0, shared: 1, ofRows: 2 } as const;
/** The bits of a line's kinds that hold the kind of its key. */
export const KEY_KIND = 3;
/** Why a line refers to the key of another line: for its age alone, because it exists, or for its value. */
export const REFERENCE = { none: 0, age: 1, presence: 2, value: 3 } as const;

/** The 32-bit words of a document's hash, and of a key. */
export const DOCUMENT_WORDS = 4;
export const KEY_WORDS = 2;

const WORD_BYTES = 4;
const DOCUMENT_BYTES = DOCUMENT_WORDS * WORD_BYTES;
/** The bytes of a line's keys: its own, the one that it refers to, and what they are. */
const KEYS_BYTES: number = 2 * KEY_WORDS * WORD_BYTES + 1;

/** The hashes of the keys of consecutive documents: of each the first 16 bytes of SHA-256. */
export class DocumentBlock {
  static readonly LINE_BYTES = DOCUMENT_BYTES;
  readonly count: number;
  readonly bytes: Buffer;
  /** `DOCUMENT_WORDS` for each line. */
  readonly documents: Uint32Array;

  constructor(count = BLOCK_LINES) {
    this.count = count;
    this.bytes = alignedBytes(count * DOCUMENT_BYTES);
    this.documents = new Uint32Array(this.bytes.buffer, 0, count * DOCUMENT_WORDS);
  }

  /** @param used a block that nobody needs any more, and that may become the returned one. */
  static parse(bytes: Buffer, used?: DocumentBlock): DocumentBlock {
    return parsed(bytes, DOCUMENT_BYTES, used, (count) => new DocumentBlock(count));
  }

  slice(from: number, to: number): DocumentBlock {
    const block = new DocumentBlock(to - from);
    block.documents.set(this.documents.subarray(from * DOCUMENT_WORDS, to * DOCUMENT_WORDS));
    return block;
  }
}

/**
 * The keys of consecutive lines, column by column: the line's key and the key that it refers to (8 bytes each,
 * little-endian), and what these are: `KEY` in the two lowest bits and `REFERENCE` in the two above.
 */
export class KeyBlock {
  static readonly LINE_BYTES = KEYS_BYTES;
  readonly count: number;
  readonly bytes: Buffer;
  /** `KEY_WORDS` for each line. */
  readonly keys: Uint32Array;
  readonly references: Uint32Array;
  readonly kinds: Uint8Array;

  constructor(count = BLOCK_LINES) {
    this.count = count;
    this.bytes = alignedBytes(count * KEYS_BYTES);
    const { buffer } = this.bytes;
    const words = count * KEY_WORDS;
    this.keys = new Uint32Array(buffer, 0, words);
    this.references = new Uint32Array(buffer, words * WORD_BYTES, words);
    this.kinds = new Uint8Array(buffer, 2 * words * WORD_BYTES, count);
  }

  /** Works as `DocumentBlock.parse` does. */
  static parse(bytes: Buffer, used?: KeyBlock): KeyBlock {
    return parsed(bytes, KEYS_BYTES, used, (count) => new KeyBlock(count));
  }

  slice(from: number, to: number): KeyBlock {
    const block = new KeyBlock(to - from);
    block.keys.set(this.keys.subarray(from * KEY_WORDS, to * KEY_WORDS));
    block.references.set(this.references.subarray(from * KEY_WORDS, to * KEY_WORDS));
    block.kinds.set(this.kinds.subarray(from, to));
    return block;
  }

  keyKind(i: number): number {
    return this.kinds[i]! & KEY_KIND;
  }

  referenceKind(i: number): number {
    return this.kinds[i]! >>> 2;
  }
}

/** A buffer of its own begins at an address that all columns may begin at. */
function alignedBytes(length: number): Buffer<ArrayBuffer> {
  return Buffer.allocUnsafeSlow(length);
}

function parsed<B extends { readonly bytes: Buffer }>(
  bytes: Buffer,
  lineBytes: number,
  used: B | undefined,
  make: (count: number) => B,
): B {
  const block = used?.bytes.length === bytes.length ? used : make(bytes.length / lineBytes);
  bytes.copy(block.bytes);
  return block;
}
