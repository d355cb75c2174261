import { constants } from "node:buffer";
import { collectGarbage } from "./collect-garbage.ts";

/** From so many bytes on a line is huge. */
export const HUGE_BYTES: number = 8 << 20;

/** After so many bytes the blocks that they came in, garbage by now, are collected: by itself V8 would wait for more. */
const COLLECT_EVERY = 8 << 20;

/**
 * A line of many megabytes while it is gathered: in one buffer, which takes
 * memory only as it is filled. As strings its pieces and the whole would be in
 * V8's heap, which gives nothing back at once.
 */
export class HugeLine {
  #bytes: Buffer;
  #length = 0;

  /** @param mostBytes what it cannot be longer than. */
  constructor(mostBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(mostBytes, constants.MAX_STRING_LENGTH));
  }

  /** @throws Error when the line is longer than a string can be. */
  add(bytes: Uint8Array): void {
    if (bytes.length > this.#bytes.length - this.#length)
      throw new Error(`it is longer than ${constants.MAX_STRING_LENGTH} bytes`);
    this.#bytes.set(bytes, this.#length);
    if ((this.#length % COLLECT_EVERY) + bytes.length >= COLLECT_EVERY) collectGarbage();
    this.#length += bytes.length;
  }

  /** All of it, in byte text; it is empty then. */
  text(): string {
    const text = this.bytes().toString("latin1");
    this.#bytes = Buffer.alloc(0);
    this.#length = 0;
    collectGarbage();
    return text;
  }

  /** All of it; a view. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}
