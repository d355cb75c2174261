import { join } from "node:path";
import {
  AGE_SUFFIX,
  PartWriter,
  LineWriter,
  RowLineWriter,
  type HugeTurn,
  type LineBuffer,
  type LineColumn,
  type PartEntry,
  type ServerCell,
} from "@firebreak/archive";

/** Lines gathered before they go to the part. */
const FLUSH_BYTES = 512 * 1024;
const NEWLINE = Uint8Array.of(0x0a);
/** From so many bytes on a document waits for its turn: its line, up to six times as long, is in memory as a whole, and so is the proof. */
const HUGE_DOCUMENT_BYTES = 4 << 20;

/** Where a sequence of parts goes. */
export interface PartTarget {
  readonly archive: string;
  /** For whom parts are encrypted; none for parts in clear. */
  readonly recipients: readonly string[];
  /** A part's file as it is in clear, relative to the archive, counted from 0. */
  readonly fileOf: (sequence: number) => string;
  /** Bytes of text at which a part ends, after the line that reaches them. */
  readonly partBytes: number;
  /** What threads share that write parts at the same time. */
  readonly hugeTurn?: HugeTurn | undefined;
}

/** Writes items of one kind, documents or rows, as lines. */
export interface ItemLines<Item> {
  readonly out: LineBuffer;
  /** Appends an item's line without its newline; with stops in it, where `out` may be emptied. */
  write(item: Item): Iterable<void>;
  /** Whether writing it takes so much memory that no other thread should write such an item meanwhile. */
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

/** What became of a sequence of documents or rows. */
export interface WrittenParts {
  readonly documentCount: number;
  readonly parts: readonly PartEntry[];
}

/**
 * Writes documents or rows as lines into sealed parts, one after another. Where
 * a part ends follows from them and `partBytes` alone, not from how many come at once.
 */
export class PartSequence<Item> {
  readonly #target: PartTarget;
  readonly #lines: ItemLines<Item>;
  readonly #parts: PartEntry[] = [];
  #writer: PartWriter | undefined;
  #documentCount = 0;
  /** Lines that have ended in what is gathered. */
  #gatheredCount = 0;

  /** @param lines may serve several sequences that write by turns: nothing is left in it between two writes. */
  constructor(target: PartTarget, lines: ItemLines<Item>) {
    this.#target = target;
    this.#lines = lines;
  }

  /** @throws {FirebreakError} `disk-full` or `disk-failed`; the sequence is then to be abandoned. */
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

  /** Seals the part that is open. */
  async finish(): Promise<WrittenParts> {
    if (this.#writer !== undefined) await this.#seal(this.#writer);
    return { documentCount: this.#documentCount, parts: this.#parts };
  }

  /** Gives up the part that is open; sealed ones stay, for the next run writes over them. */
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
