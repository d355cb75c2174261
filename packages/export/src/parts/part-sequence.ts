import { join } from "node:path";
import {
  AGE_SUFFIX,
  PartWriter,
  LineWriter,
  type HugeTurn,
  type LineBuffer,
  type PartEntry,
} from "@firebreak/archive";
import { RowLineWriter, type LineColumn, type ServerCell } from "@firebreak/mysql-format";

/** The bytes of lines that are gathered before they go to the part. */
const FLUSH_BYTES = 512 * 1024;
const NEWLINE = Uint8Array.of(0x0a);
/**
 * A document of at least this size waits for its turn: its whole line, up to six times as long, is in memory,
 * and so is its proof.
 */
const HUGE_DOCUMENT_BYTES = 4 << 20;

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

const NO_STOPS: readonly [] = [];

export function documentLines(): ItemLines<Buffer> {
  const lines = new LineWriter();
  const write = (document: Buffer): Iterable<void> => {
    lines.write(document, 0, document.length);
    return NO_STOPS;
  };
  return { out: lines.out, write, isHuge: (document) => document.length >= HUGE_DOCUMENT_BYTES };
}

export function rowLines(columns: readonly LineColumn[]): ItemLines<readonly ServerCell[]> {
  const lines = new RowLineWriter(columns);
  return { out: lines.out, write: (cells) => lines.writeInPieces(cells), isHuge: () => false };
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
  /** The number of lines that end in the gathered bytes. */
  #gatheredCount = 0;

  /** @param lines may serve several sequences that write in turn: it keeps nothing between two writes. */
  constructor(target: PartTarget, lines: ItemLines<Item>) {
    this.#target = target;
    this.#lines = lines;
  }

  /** @throws {FirebreakError} `disk-full` or `disk-failed`; the caller must then abandon the sequence. */
  async write(items: readonly Item[]): Promise<void> {
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
        for (const _ of this.#lines.write(item)) await this.#flush(this.#writer);
        out.put(NEWLINE);
        this.#gatheredCount++;
        const isFull = this.#writer.plainBytes + out.at >= this.#target.partBytes;
        if (isFull || out.at >= FLUSH_BYTES) await this.#flush(this.#writer);
        if (isFull) await this.#seal(this.#writer);
      } finally {
        if (isHuge) hugeTurn?.give();
      }
    }
    if (this.#writer !== undefined) await this.#flush(this.#writer);
    this.#documentCount += items.length;
  }

  /** Seals the open part. */
  async finish(): Promise<WrittenParts> {
    if (this.#writer !== undefined) await this.#seal(this.#writer);
    return { documentCount: this.#documentCount, parts: this.#parts };
  }

  /** Discards the open part. Sealed parts stay, since the next run writes over them. */
  async abandon(): Promise<void> {
    await this.#writer?.abandon();
  }

  async #flush(writer: PartWriter): Promise<void> {
    const { out } = this.#lines;
    await writer.write(out.written(), this.#gatheredCount);
    out.clear();
    this.#gatheredCount = 0;
  }

  async #seal(writer: PartWriter): Promise<void> {
    this.#parts.push({ file: this.#nextFile(), ...(await writer.seal()) });
    this.#writer = undefined;
  }

  #nextFile(): string {
    const file = this.#target.fileOf(this.#parts.length);
    return this.#target.recipients.length === 0 ? file : `${file}${AGE_SUFFIX}`;
  }
}
