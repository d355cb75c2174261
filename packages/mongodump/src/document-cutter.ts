import { mongodumpFault } from "./mongodump-faults.ts";

/** The largest that a server or mongorestore takes: 16 MiB, and 16 KiB for what the server adds of its own. */
const MAX_DOCUMENT_BYTES = (16 << 20) + (16 << 10);
const MIN_DOCUMENT_BYTES = 5;
const LENGTH_BYTES = 4;

/**
 * Cuts a stream of BSON documents, which may come in blocks of any size, into
 * the documents. In archives terminators of four bytes stand between them:
 * `isTerminator` tells them apart.
 *
 * Only a document's frame is looked at, its length and last byte: what is
 * inside is kept as it is, and the archive's lines say it whatever it is.
 */
export class DocumentCutter {
  /** Where in the file the document stands that was cut last, or the next one when all of a block was taken. */
  offset: number;
  readonly #file: string;
  /** A document that began in an earlier block, or only its length, as far as it has come. */
  #held = Buffer.alloc(0);
  #heldBytes = 0;

  /** @param offset bytes of the file that come before the stream. */
  constructor(file: string, offset = 0) {
    this.#file = file;
    this.offset = offset;
  }

  /**
   * The documents that end in this block. They are views of it, good as long as
   * it is, but for one that began in an earlier block.
   *
   * @throws {FirebreakError} `dump-damaged` at a length that no document has.
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

  /** @throws {FirebreakError} `dump-damaged` when the stream ended inside a document. */
  end(): void {
    if (this.#heldBytes > 0) throw this.damage(`it ends after ${this.#heldBytes} bytes of a document`);
  }

  /** The fault for what is wrong at the document cut last. */
  damage(reason: string): Error {
    return mongodumpFault("dump-damaged", { file: this.#file, offset: this.offset, reason });
  }

  #hold(bytes: Buffer, neededBytes: number): void {
    this.#held = Buffer.allocUnsafe(neededBytes);
    this.#heldBytes = bytes.copy(this.#held);
  }

  *#whole(document: Buffer): Generator<Buffer> {
    if (!isTerminator(document) && document.at(-1) !== 0)
      throw this.damage(`the document of ${document.length} bytes does not end in a zero`);
    yield document;
    this.offset += document.length;
  }

  /** Bytes of the document at `at`; those of a length where its own is not whole yet. */
  #lengthAt(bytes: Buffer, at: number): number {
    if (bytes.length - at < LENGTH_BYTES) return LENGTH_BYTES;
    const length = bytes.readInt32LE(at);
    if (length === -1) return LENGTH_BYTES;
    if (length < MIN_DOCUMENT_BYTES || length > MAX_DOCUMENT_BYTES)
      throw this.damage(`${length} is no length of a document`);
    return length;
  }
}

/** Whether what a cutter gave is a terminator, which no document is as short as. */
export function isTerminator(document: Buffer): boolean {
  return document.length === LENGTH_BYTES;
}
