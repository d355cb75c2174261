import {
  archiveReason,
  collectGarbage,
  HUGE_BYTES,
  HugeLine,
  LineDecoder,
  type Reason,
  reasonOf,
} from "@firebreak/archive";

const NEWLINE = 0x0a;

/** The first unreadable line of a part. */
export interface UnreadableLine {
  /** Counts from 1. */
  readonly line: number;
  readonly reason: Reason;
}

/** Counts the lines of a part as its blocks come, and decodes each until one does not decode. */
export class LineCheck {
  lineCount = 0;
  unreadable: UnreadableLine | undefined;
  #bytesLeft: number;
  #decoder = new LineDecoder();
  /** The start of a line that continues in the next block. */
  #rest: Buffer[] = [];
  #huge: HugeLine | undefined;

  /** @param partBytes the bytes of the whole part. */
  constructor(partBytes: number) {
    this.#bytesLeft = partBytes;
  }

  /** True in the middle of a huge line. */
  get isHuge(): boolean {
    return this.#huge !== undefined;
  }

  take(block: Buffer): void {
    this.#bytesLeft -= block.length;
    try {
      this.#takeLines(this.#huge === undefined ? block : this.#takeHuge(this.#huge, block));
    } catch (error) {
      // The line is longer than there is room for. The number of lines after it no longer matters.
      this.unreadable ??= { line: this.lineCount + 1, reason: reasonOf(error) };
      this.#huge = undefined;
      this.#rest = [];
    }
  }

  /** Must be called after the last block. */
  end(): void {
    if (this.#rest.length > 0 || this.isHuge)
      this.unreadable ??= { line: this.lineCount + 1, reason: archiveReason("no-end") };
  }

  #takeLines(block: Buffer): void {
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
    const known = this.#rest.reduce((sum, b) => sum + b.length, 0);
    if (known < HUGE_BYTES) return;
    this.#huge = new HugeLine(known + this.#bytesLeft);
    for (const piece of this.#rest.splice(0)) this.#huge.add(piece);
  }

  /** Returns the rest of a block behind the huge line. */
  #takeHuge(line: HugeLine, block: Buffer): Buffer {
    const end = block.indexOf(NEWLINE);
    line.add(end < 0 ? block : block.subarray(0, end));
    if (end < 0) return block.subarray(block.length);
    this.lineCount++;
    const bytes = line.bytes();
    // Huge values make documents shorter than their lines, so this is enough; growing on the way would take
    // twice as much.
    this.#decoder.out.reserve(bytes.length);
    this.#decode(bytes, 0, bytes.length);
    this.#huge = undefined;
    this.#decoder = new LineDecoder();
    collectGarbage();
    return block.subarray(end + 1);
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
