import { LineDecoder, reasonOf } from "@firebreak/archive";

const NEWLINE = 0x0a;

/** The first line of a part that is none. */
export interface UnreadableLine {
  /** Counted from 1. */
  readonly line: number;
  readonly reason: string;
}

/** Counts the lines of a part as its blocks come, and decodes each until one does not decode. */
export class LineCheck {
  lineCount = 0;
  unreadable: UnreadableLine | undefined;
  readonly #decoder = new LineDecoder();
  /** The beginning of a line that goes on in the next block. */
  #rest: Buffer[] = [];

  take(block: Buffer): void {
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      this.lineCount++;
      if (this.#rest.length === 0) this.#decode(block, start, end);
      else {
        const line = Buffer.concat([...this.#rest, block.subarray(0, end)]);
        this.#rest = [];
        this.#decode(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < block.length) this.#rest.push(block.subarray(start));
  }

  /** To be called behind the last block. */
  end(): void {
    if (this.#rest.length > 0) this.unreadable ??= { line: this.lineCount + 1, reason: "it has no newline" };
  }

  #decode(bytes: Buffer, start: number, end: number): void {
    if (this.unreadable !== undefined) return;
    this.#decoder.out.clear();
    try {
      this.#decoder.decode(bytes, start, end);
    } catch (error) {
      this.unreadable = { line: this.lineCount, reason: reasonOf(error) };
    }
  }
}
