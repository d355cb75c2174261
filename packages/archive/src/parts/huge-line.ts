import { constants } from "node:buffer";
import { archiveReason } from "../archive-faults.ts";
import { ReasonError } from "../reasons.ts";
import { collectGarbage } from "./collect-garbage.ts";

/** The size from which a line is huge. */
export const HUGE_BYTES: number = 8 << 20;

/** The most bytes gathered: base64 of the 1 GiB that a row of MySQL can have, and some more. */
const MAX_BYTES = 2 ** 31;

/** After this many bytes their blocks, garbage by now, are collected: by itself V8 would wait for more. */
const COLLECT_EVERY = 8 << 20;

/**
 * A line of many megabytes while it is gathered, in one buffer that takes memory only as it is filled. As
 * strings its pieces and the whole would be in V8's heap, which gives nothing back at once.
 */
export class HugeLine {
  #bytes: Buffer<ArrayBuffer>;
  #length = 0;

  /** @param mostBytes the greatest possible length of the line. */
  constructor(mostBytes: number) {
    this.#bytes = Buffer.allocUnsafeSlow(Math.min(mostBytes, MAX_BYTES));
  }

  /** @throws Error if the line is longer than `mostBytes`, or than 2 GiB. */
  add(bytes: Uint8Array): void {
    if (bytes.length > this.#bytes.length - this.#length) throw tooLong(this.#bytes.length, false);
    this.#bytes.set(bytes, this.#length);
    if ((this.#length % COLLECT_EVERY) + bytes.length >= COLLECT_EVERY) collectGarbage();
    this.#length += bytes.length;
  }

  /**
   * Returns the whole line in byte text and empties this object.
   *
   * @throws Error if it is longer than a string can be.
   */
  text(): string {
    if (this.#length > constants.MAX_STRING_LENGTH) throw tooLong(constants.MAX_STRING_LENGTH, true);
    const text = this.bytes().toString("latin1");
    this.release();
    collectGarbage();
    return text;
  }

  /** Releases its memory at once; views of it become empty. */
  release(): void {
    this.#bytes.buffer.transfer(0);
    this.#bytes = Buffer.allocUnsafeSlow(0);
    this.#length = 0;
  }

  /** Returns the whole line as a view. */
  bytes(): Buffer {
    return this.#bytes.subarray(0, this.#length);
  }
}

function tooLong(bytes: number, isLimitOfText: boolean): ReasonError {
  return new ReasonError(archiveReason("line-long", { bytes, isLimitOfText }));
}
