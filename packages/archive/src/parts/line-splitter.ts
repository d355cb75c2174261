import { archiveFault } from "../archive-faults.ts";
import { FirebreakError } from "../errors.ts";
import { reasonOf } from "../reasons.ts";
import { contentOf, kindOf, type Kind } from "../line/kinds.ts";
import { LineFields } from "../line/reading/line-fields.ts";
import { RAW_LINE_START, rawFields } from "../line/raw-line.ts";
import { HUGE_BYTES, HugeLine } from "./huge-line.ts";

/**
 * The bytes that become a string at once. Strings of this size stay in V8's young generation, where freeing
 * them costs nothing.
 */
const PIECE_BYTES = 64 * 1024;

const HUGE_PIECES = HUGE_BYTES / PIECE_BYTES;

/** The fields of a line that text can say: all of them, except in a raw line. */
export interface Fields {
  readonly count: number;
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  /** Byte text, as `contentOf` returns it. */
  readonly contents: readonly string[];
  /** Returns the whole text of a value, in byte text. */
  text(i: number): string;
}

/** One line of a part, in byte text. `fields` is valid until the next line. */
export interface ReadLine {
  readonly line: string;
  /** Counts from 1. */
  readonly number: number;
  readonly isRaw: boolean;
  readonly fields: Fields;
}

/** Divides a part's blocks into lines. A line that spans many blocks is gathered apart, as a huge line. */
export class LineSplitter {
  readonly #file: string;
  readonly #take: (line: ReadLine) => void;
  readonly #fields = new LineFields();
  #rest: string[] = [];
  #huge: HugeLine | undefined;
  /** The number of lines so far. */
  lineCount = 0;

  constructor({ file }: { readonly file: string }, take: (line: ReadLine) => void) {
    this.#file = file;
    this.#take = take;
  }

  /** @throws {FirebreakError} `line-unreadable`, or whatever `take` throws. */
  add(block: Buffer): void {
    const others = this.#huge === undefined ? block : this.#addToHuge(this.#huge, block);
    for (let from = 0; from < others.length; from += PIECE_BYTES)
      this.#addPiece(others.toString("latin1", from, from + PIECE_BYTES));
  }

  /** True if the line so far is so long that the rest of it is to be gathered as a huge line. */
  get isHugeNext(): boolean {
    return this.#rest.length >= HUGE_PIECES;
  }

  get isInHuge(): boolean {
    return this.#huge !== undefined;
  }

  get isAtLineStart(): boolean {
    return this.#huge === undefined && this.#rest.length === 0;
  }

  /** @param bytesLeft the most bytes that the rest of the line can have. */
  beginHuge(bytesLeft: number): void {
    const known = this.#rest.map((piece) => Buffer.from(piece, "latin1"));
    const mostBytes = known.reduce((sum, b) => sum + b.length, bytesLeft);
    const line = this.#gathered(() => new HugeLine(mostBytes));
    for (const piece of known) line.add(piece);
    this.#huge = line;
    this.#rest = [];
  }

  #addPiece(piece: string): void {
    let start = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
      if (this.#rest.length === 0) this.#takeLine(piece, start, end);
      else {
        const line = [...this.#rest, piece.slice(0, end)].join("");
        this.#rest = [];
        this.#takeLine(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < piece.length) this.#rest.push(piece.slice(start));
  }

  /** Returns the rest of a block behind the huge line. */
  #addToHuge(line: HugeLine, block: Buffer): Buffer {
    const end = block.indexOf("\n");
    const text = this.#gathered(() => {
      line.add(end < 0 ? block : block.subarray(0, end));
      return end < 0 ? undefined : line.text();
    });
    if (text === undefined) return block.subarray(block.length);
    this.#huge = undefined;
    this.#takeLine(text, 0, text.length);
    this.#fields.forget();
    return block.subarray(end + 1);
  }

  #takeLine(piece: string, start: number, end: number): void {
    const number = ++this.lineCount;
    const isRaw = piece.startsWith(RAW_LINE_START, start);
    try {
      if (!isRaw) this.#fields.read(piece, start, end);
      const line = piece.slice(start, end);
      this.#take({ line, number, isRaw, fields: isRaw ? sayableFields(line) : this.#fields });
    } catch (error) {
      // A fault that `take` found is no fault of the line's text.
      throw error instanceof FirebreakError ? error : this.#unreadable(error, number);
    }
  }

  /** Runs work on a huge line, which may be longer than there is room for. */
  #gathered<T>(work: () => T): T {
    try {
      return work();
    } catch (error) {
      throw this.#unreadable(error, this.lineCount + 1);
    }
  }

  #unreadable(error: unknown, line: number): FirebreakError {
    return archiveFault("line-unreadable", { file: this.#file, line, reason: reasonOf(error) }, error);
  }
}

function sayableFields(line: string): Fields {
  return fieldsOf(
    (rawFields(line) ?? []).flatMap(({ name, text }) =>
      name === undefined || text === undefined ? [] : [{ name, text }],
    ),
  );
}

/** Returns the same view of fields whose texts the caller has. */
export function fieldsOf(fields: readonly { readonly name: string; readonly text: string }[]): Fields {
  const kinds = fields.map(({ text }) => kindOf(text));
  return {
    count: fields.length,
    names: fields.map(({ name }) => name),
    kinds,
    contents: fields.map(({ text }, i) => contentOf(text, kinds[i]!)),
    text: (i) => fields[i]!.text,
  };
}
