import { join } from "node:path";
import { AGE_SUFFIX, PartWriter, type HugeTurn, type LineBuffer, type PartEntry } from "@firebreak/archive";

/** The bytes of lines that are gathered before they go to the part. */
export const FLUSH_BYTES: number = 512 * 1024;
const NEWLINE = Uint8Array.of(0x0a);

/** The destination of a sequence of parts. */
export interface PartTarget {
  readonly archive: string;
  /** The recipients that parts are encrypted for; empty for parts in clear. */
  readonly recipients: readonly string[];
  /** Returns the name of a part's file in clear, relative to the archive; parts are counted from 0. */
  readonly fileOf: (sequence: number) => string;
  /** The bytes of text at which a part ends, after the line that reaches them. */
  readonly partBytes: number;
  /** Shared by the threads that write parts at the same time. */
  readonly hugeTurn?: HugeTurn | undefined;
}

/** Writes items of one kind, documents or rows, as lines. */
export interface ItemLines<Item> {
  readonly out: LineBuffer;
  /** Appends an item's line without its newline. At each stop of the iteration the caller may empty `out`. */
  write(item: Item): Iterable<void>;
  /**
   * Returns true if the item takes so much memory that no other thread should write such an item meanwhile.
   */
  isHuge(item: Item): boolean;
}

/** The result of writing a sequence of documents or rows. */
export interface WrittenParts {
  readonly documentCount: number;
  readonly parts: readonly PartEntry[];
}

/**
 * Writes documents or rows as lines into sealed parts, one after another. Only the items and `partBytes`
 * decide where a part ends, not the number of items in one call.
 */
export class PartSequence<Item> {
  readonly #target: PartTarget;
  readonly #lines: ItemLines<Item>;
  readonly #parts: PartEntry[] = [];
  #writer: PartWriter | undefined;
  #documentCount = 0;
  /** The lines in the open part. */
  #lineCount = 0;
  /** The number of lines that end in the gathered bytes. */
  #gatheredCount = 0;

  /** @param lines may serve several sequences that write in turn: it keeps nothing between two writes. */
  constructor(target: PartTarget, lines: ItemLines<Item>) {
    this.#target = target;
    this.#lines = lines;
  }

  /** The place of the item that is being written. */
  get place(): { file: string; line: number } {
    return { file: this.#nextFile(), line: this.#lineCount + 1 };
  }

  /** @throws {FirebreakError} `disk-full` or `disk-failed`; the caller must then abandon the sequence. */
  async write(items: readonly Item[]): Promise<void> {
    await this.gather(items);
    await this.#flush();
  }

  /** Does what `write` does, and may leave lines in `lines.out`, which then serves no other sequence. */
  async gather(items: readonly Item[]): Promise<void> {
    const { out } = this.#lines;
    const { hugeTurn } = this.#target;
    for (const item of items) {
      this.#writer ??= await PartWriter.open(
        join(this.#target.archive, this.#nextFile()),
        this.#target.recipients,
      );
      const isHuge = this.#lines.isHuge(item);
      if (isHuge) await hugeTurn?.take();
      try {
        for (const _ of this.#lines.write(item)) await this.#flush();
        out.put(NEWLINE);
        this.#gatheredCount++;
        this.#lineCount++;
        const isFull = this.#writer.plainBytes + out.at >= this.#target.partBytes;
        if (isFull) await this.#seal();
        else if (out.at >= FLUSH_BYTES) await this.#flush();
      } finally {
        if (isHuge) hugeTurn?.give();
      }
    }
    this.#documentCount += items.length;
  }

  /** Seals the open part. */
  async finish(): Promise<WrittenParts> {
    await this.#seal();
    return { documentCount: this.#documentCount, parts: this.#parts };
  }

  /** Discards the open part. Sealed parts stay, since the next run writes over them. */
  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  async #flush(): Promise<void> {
    const { out } = this.#lines;
    if (out.at === 0) return;
    await this.#writer!.write(out.written(), this.#gatheredCount);
    out.clear();
    this.#gatheredCount = 0;
  }

  async #seal(): Promise<void> {
    if (this.#writer === undefined) return;
    await this.#flush();
    this.#parts.push({ file: this.#nextFile(), ...(await this.#writer.seal()) });
    this.#writer = undefined;
    this.#lineCount = 0;
  }

  #nextFile(): string {
    const file = this.#target.fileOf(this.#parts.length);
    return this.#target.recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
  }
}
