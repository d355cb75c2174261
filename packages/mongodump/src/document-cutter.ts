import type { OwnReason } from "@firebreak/archive";
import { mongodumpFault } from "./mongodump-faults.ts";
import { dumpReason } from "./mongodump-reasons.ts";

/** The largest document that a server or mongorestore takes: 16 MiB, and 16 KiB that the server may add. */
const MAX_DOCUMENT_BYTES = (16 << 20) + (16 << 10);
const MIN_DOCUMENT_BYTES = 5;
const LENGTH_BYTES = 4;

/**
 * Cuts a stream of BSON documents, which may come in blocks of any size, into the documents. In archives,
 * terminators of four bytes come between them (`isTerminator`).
 *
 * It checks only a document's frame: its length and last byte. The content is kept as it is, and the
 * archive's lines can express it whatever it is.
 */
export class DocumentCutter {
  /** The position in the file of the document cut last, or of the next one if the whole block was used up. */
  offset: number;
  readonly #file: string;
  /** The bytes so far of a document that began in an earlier block, or of its length field. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;

  /** @param offset the number of bytes in the file before the stream. */
  constructor(file: string, offset = 0) {
    this.#file = file;
    this.offset = offset;
  }

  /**
   * Yields the documents that end in this block. They are views of the block and valid as long as it is,
   * except for one that began in an earlier block.
   *
   * @throws {FirebreakError} `dump-damaged` if a length is impossible for a document.
   */
  *cut(block: Buffer): Generator<Buffer> {
    let at = 0;
    while (at < block.length) {
      if (this.#heldBytes === 0) {
        const neededBytes = this.#lengthAt(block, at);
        const document = block.subarray(at, at + neededBytes);
        at += document.length;
        if (document.length < neededBytes) this.#hold(document, neededBytes);
        else yield* this.#whole(document);
      } else {
        const count = block.copy(this.#held, this.#heldBytes, at);
        at += count;
        this.#heldBytes += count;
        if (this.#heldBytes < this.#held.length) return;
        const start = this.#held;
        const neededBytes = this.#lengthAt(start, 0);
        this.#heldBytes = 0;
        if (start.length < neededBytes) this.#hold(start, neededBytes);
        else yield* this.#whole(start);
      }
    }
  }

  /** @throws {FirebreakError} `dump-damaged` if the stream ended inside a document. */
  end(): void {
    if (this.#heldBytes > 0) throw this.damage(dumpReason("document-cut-short", { bytes: this.#heldBytes }));
  }

  /** Makes the fault for damage at the document cut last. */
  damage(reason: OwnReason): Error {
    return mongodumpFault("dump-damaged", { file: this.#file, offset: this.offset, reason });
  }

  #hold(bytes: Buffer, neededBytes: number): void {
    this.#held = Buffer.allocUnsafe(neededBytes);
    this.#heldBytes = bytes.copy(this.#held);
  }

  *#whole(document: Buffer): Generator<Buffer> {
    if (!isTerminator(document) && document.at(-1) !== 0)
      throw this.damage(dumpReason("document-unended", { bytes: document.length }));
    yield document;
    this.offset += document.length;
  }

  /** Returns the size of the document at `at`, or the size of a length field if that is not complete yet. */
  #lengthAt(bytes: Buffer, at: number): number {
    if (bytes.length - at < LENGTH_BYTES) return LENGTH_BYTES;
    const length = bytes.readInt32LE(at);
    if (length === -1) return LENGTH_BYTES;
    if (length < MIN_DOCUMENT_BYTES || length > MAX_DOCUMENT_BYTES)
      throw this.damage(dumpReason("document-length", { length }));
    return length;
  }
}

/** True if a unit from a cutter is a terminator. No document is as short as that. */
export function isTerminator(document: Buffer): boolean {
  return document.length === LENGTH_BYTES;
}
