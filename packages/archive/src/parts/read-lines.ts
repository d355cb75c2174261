import { archiveFault } from "../archive-faults.ts";
import { FirebreakError, reasonOf } from "../errors.ts";
import { contentOf, kindOf, type Kind } from "../line/kinds.ts";
import { LineFields } from "../line/line-fields.ts";
import { RAW_LINE_START, rawFields } from "../line/raw-line.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { HUGE_BYTES, HugeLine } from "./huge-line.ts";
import { readPart, refuseSealed, type PartReading } from "./part-reader.ts";

/** What becomes a string at once: larger ones would not be born in the young generation, where they go for nothing. */
const PIECE_BYTES = 64 * 1024;

const HUGE_PIECES = HUGE_BYTES / PIECE_BYTES;

/**
 * A huge line, of up to 100 MB, is several times its size in memory while it is
 * worked on. Threads take turns with theirs, so that a process never has two.
 */
export interface HugeTurn {
  /** Resolves when no other thread has one. */
  take(): Promise<void>;
  give(): void;
}

/** The fields of a line that text can say: all of them, but for a raw line. */
export interface Fields {
  readonly count: number;
  readonly names: readonly string[];
  readonly kinds: readonly Kind[];
  /** Byte text, as `contentOf` has it. */
  readonly contents: readonly string[];
  /** The whole text of a value, in byte text. */
  text(i: number): string;
}

/** One line of a part, in byte text. `fields` is valid until the next line. */
export interface ReadLine {
  readonly line: string;
  /** Counted from 1. */
  readonly number: number;
  readonly isRaw: boolean;
  readonly fields: Fields;
}

/** How a part's lines are read. */
export interface LineReading extends Pick<PartReading, "identities"> {
  readonly hugeTurn?: HugeTurn | undefined;
  /** No more than about the first so many bytes: to get an idea of it. Nothing of it is proved then. */
  readonly onlyBytes?: number | undefined;
}

/**
 * Reads a part and gives its lines to `take`, one by one; what was gathered of
 * a block of them can be written in `afterBlock`. Lines and texts are slices
 * that keep their whole piece in memory: copy what is to stay.
 *
 * @throws {FirebreakError} what `readPart` throws, `line-unreadable`, or `part-content` when lines are missing.
 */
export async function readLines(
  file: string,
  part: PartEntry,
  { identities, hugeTurn, onlyBytes }: LineReading,
  take: (line: ReadLine) => void,
  afterBlock: (lines: number, bytes: number) => Promise<void> | void,
): Promise<void> {
  const fields = new LineFields();
  let number = 0;
  let rest: string[] = [];
  let huge: HugeLine | undefined;
  const takeLine = (piece: string, start: number, end: number): void => {
    number++;
    const isRaw = piece.startsWith(RAW_LINE_START, start);
    try {
      if (!isRaw) fields.read(piece, start, end);
      const line = piece.slice(start, end);
      take({ line, number, isRaw, fields: isRaw ? sayableFields(line) : fields });
    } catch (error) {
      // What `take` found is another matter than the line.
      throw error instanceof FirebreakError ? error : unreadable(error, number);
    }
  };
  const unreadable = (error: unknown, line: number): FirebreakError =>
    archiveFault("line-unreadable", { file: part.file, line, reason: reasonOf(error) }, error);
  /** What is done with a huge line, which may be longer than there is room for. */
  const gathered = <T>(work: () => T): T => {
    try {
      return work();
    } catch (error) {
      throw unreadable(error, number + 1);
    }
  };
  const takePiece = (piece: string): void => {
    let start = 0;
    for (let end = piece.indexOf("\n"); end >= 0; end = piece.indexOf("\n", start)) {
      if (rest.length === 0) takeLine(piece, start, end);
      else {
        const line = [...rest, piece.slice(0, end)].join("");
        rest = [];
        takeLine(line, 0, line.length);
      }
      start = end + 1;
    }
    if (start < piece.length) rest.push(piece.slice(start));
  };
  /** Returns what of a block the huge line does not have. */
  const takeHuge = (line: HugeLine, block: Buffer): Buffer => {
    const end = block.indexOf("\n");
    const text = gathered(() => {
      line.add(end < 0 ? block : block.subarray(0, end));
      return end < 0 ? undefined : line.text();
    });
    if (text === undefined) return block.subarray(block.length);
    huge = undefined;
    takeLine(text, 0, text.length);
    fields.forget();
    return block.subarray(end + 1);
  };
  let hasTurn = false;
  let readBytes = 0;
  try {
    const blocks = readPart(file, part.file, part, { identities });
    for await (const bytes of blocks) {
      const before = number;
      try {
        const others = huge === undefined ? bytes : takeHuge(huge, bytes);
        for (let from = 0; from < others.length; from += PIECE_BYTES)
          takePiece(others.toString("latin1", from, from + PIECE_BYTES));
      } catch (error) {
        if (error instanceof FirebreakError && error.code === "line-unreadable")
          await refuseSealed(blocks, error);
        throw error;
      }
      await afterBlock(number - before, bytes.length);
      readBytes += bytes.length;
      if (onlyBytes !== undefined && readBytes >= onlyBytes) return;
      if (rest.length >= HUGE_PIECES) {
        if (!hasTurn) await hugeTurn?.take();
        hasTurn = true;
        const known = rest.map((piece) => Buffer.from(piece, "latin1"));
        const mostBytes = known.reduce((sum, b) => sum + b.length, part.plainBytes - readBytes);
        const line = gathered(() => new HugeLine(mostBytes));
        for (const piece of known) line.add(piece);
        huge = line;
        rest = [];
      } else if (huge === undefined && hasTurn) {
        hugeTurn?.give();
        hasTurn = false;
      }
    }
  } finally {
    if (hasTurn) hugeTurn?.give();
  }
  if (huge !== undefined || rest.length > 0 || number !== part.lineCount)
    throw archiveFault("part-content", {
      file: part.file,
      what: "lines",
      expected: String(part.lineCount),
      found: String(number),
    });
}

function sayableFields(line: string): Fields {
  return fieldsOf(
    (rawFields(line) ?? []).flatMap(({ name, text }) =>
      name === undefined || text === undefined ? [] : [{ name, text }],
    ),
  );
}

/** The same view on fields whose texts are at hand. */
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
