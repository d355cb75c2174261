import { archiveFault } from "../archive-faults.ts";
import { FirebreakError, reasonOf } from "../errors.ts";
import { contentOf, kindOf, type Kind } from "../line/kinds.ts";
import { LineFields } from "../line/line-fields.ts";
import { RAW_LINE_START, rawFields } from "../line/raw-line.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { HUGE_BYTES, HugeLine } from "./huge-line.ts";
import { readPart, refuseSealed, type PartReading } from "./part-reader.ts";

/**
 * The bytes that become a string at once. Strings of this size stay in V8's young generation, where freeing
 * them costs nothing.
 */
const PIECE_BYTES = 64 * 1024;

const HUGE_PIECES = HUGE_BYTES / PIECE_BYTES;

/**
 * A turn for a huge line. Such a line, of up to 100 MB, takes several times its size in memory during the
 * work on it. Threads take turns, so that a process never has two.
 */
export interface HugeTurn {
  /** Resolves when no other thread has a turn. */
  take(): Promise<void>;
  give(): void;
}

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

/** The settings for reading a part's lines. */
export interface LineReading extends Pick<PartReading, "identities"> {
  readonly hugeTurn?: HugeTurn | undefined;
  /** Reads only about this many bytes, for a first impression. Nothing is then proved. */
  readonly onlyBytes?: number | undefined;
}

/**
 * Reads a part and passes its lines to `take`, one by one. After each block it calls `afterBlock`, where the
 * caller may write what it gathered. Lines and texts are slices that keep their whole piece in memory: copy
 * those that are to stay.
 *
 * @throws {FirebreakError} any error of `readPart`, `line-unreadable`, or `part-content` if lines are
 * missing.
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
      // A fault that `take` found is no fault of the line's text.
      throw error instanceof FirebreakError ? error : unreadable(error, number);
    }
  };
  const unreadable = (error: unknown, line: number): FirebreakError =>
    archiveFault("line-unreadable", { file: part.file, line, reason: reasonOf(error) }, error);
  /** Runs work on a huge line, which may be longer than there is room for. */
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
  /** Returns the rest of a block behind the huge line. */
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
