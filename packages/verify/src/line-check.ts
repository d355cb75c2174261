import { collectGarbage, HUGE_BYTES, HugeLine, LineDecoder, reasonOf } from "@firebreak/archive";

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
  #bytesLeft: number;
  #decoder = new LineDecoder();
  /** The beginning of a line that goes on in the next block. */
  #rest: Buffer[] = [];
  #huge: HugeLine | undefined;

  /** @param partBytes of the whole part. */
  constructor(partBytes: number) {
    this.#bytesLeft = partBytes;
  }

  /** Whether it is amid a huge line. */
  get isHuge(): boolean {
    return this.#huge !== undefined;
  }

  take(block: Buffer): void {
    this.#bytesLeft -= block.length;
    try {
      this.#takeLines(this.#huge === undefined ? block : this.#takeHuge(this.#huge, block));
    } catch (error) {
      // Longer than there is room for; how many lines come after it is of no interest.
      this.unreadable ??= { line: this.lineCount + 1, reason: reasonOf(error) };
      this.#huge = undefined;
      this.#rest = [];
    }
  }

  /** To be called behind the last block. */
  end(): void {
    if (this.#rest.length > 0 || this.isHuge)
      this.unreadable ??= { line: this.lineCount + 1, reason: "it has no newline" };
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

  /** Returns what of a block the huge line does not have. */
  #takeHuge(line: HugeLine, block: Buffer): Buffer {
    const end = block.indexOf(NEWLINE);
    line.add(end < 0 ? block : block.subarray(0, end));
    if (end < 0) return block.subarray(block.length);
    this.lineCount++;
    const bytes = line.bytes();
    // Huge values make documents shorter than their lines; growing on the way would take twice as much.
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
