import { constants } from "node:buffer";
import { collectGarbage } from "./collect-garbage.ts";

/** From so many bytes on a line is huge. */
export const HUGE_BYTES: number = 8 << 20;

/** More is not gathered: base64 of the 1 GiB that a row of MySQL can have, and then some. */
const MAX_BYTES = 2 ** 31;

/** After so many bytes the blocks that they came in, garbage by now, are collected: by itself V8 would wait for more. */
const COLLECT_EVERY = 8 << 20;

/**
 * A line of many megabytes while it is gathered: in one buffer, which takes
 * memory only as it is filled. As strings its pieces and the whole would be in
 * V8's heap, which gives nothing back at once.
 */
export class HugeLine {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param mostBytes what it cannot be longer than. */
  constructor(mostBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(mostBytes, MAX_BYTES));
  }

  /** @throws Error when the line is longer than it can be, or than 2 GiB. */
  add(bytes: Uint8Array): void {
    if (bytes.length > this.#bytes.length - this.#length)
      throw new Error(`it is longer than ${this.#bytes.length} bytes`);
    this.#bytes.set(bytes, this.#length);
    if ((this.#length % COLLECT_EVERY) + bytes.length >= COLLECT_EVERY) collectGarbage();
    this.#length += bytes.length;
  }

  /** All of it, in byte text; it is empty then. @throws Error when it is longer than a string can be. */
  text(): string {
    if (this.#length > constants.MAX_STRING_LENGTH)
      throw new Error(`it is longer than the ${constants.MAX_STRING_LENGTH} bytes that can be worked on`);
    const text = this.bytes().toString("latin1");
    this.release();
    collectGarbage();
    return text;
  }

  /** Gives its memory back at once; views of it are empty then. */
  release(): void {
    this.#bytes.buffer.transfer(0);
    this.#bytes = Buffer.allocUnsafeSlow(0);
    this.#length = 0;
  }

  /** All of it; a view. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
