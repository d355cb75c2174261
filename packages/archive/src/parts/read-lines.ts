import { archiveFault } from "../archive-faults.ts";
import { FirebreakError } from "../errors.ts";
import type { PartEntry } from "../manifest/schema-parts.ts";
import { LineSplitter, type ReadLine } from "./line-splitter.ts";
import { readPart, refuseSealed, type PartReading } from "./part-reader.ts";

/**
 * A turn for a huge line. Such a line, of up to 100 MB, takes several times its size in memory during the
 * work on it. Threads take turns, so that a process never has two.
 */
export interface HugeTurn {
  /** Resolves when no other thread has a turn. */
  take(): Promise<void>;
  give(): void;
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
  reading: LineReading,
  take: (line: ReadLine) => void,
  afterBlock: (lines: number, bytes: number) => Promise<void> | void,
): Promise<void> {
  for await (const { lines, bytes } of lineBlocks(file, part, reading, take)) await afterBlock(lines, bytes);
}

/**
 * Does what `readLines` does, and yields the number of lines and bytes after each block.
 *
 * @throws {FirebreakError} as `readLines` does.
 */
export async function* lineBlocks(
  file: string,
  part: PartEntry,
  { identities, hugeTurn, onlyBytes }: LineReading,
  take: (line: ReadLine) => void,
): AsyncGenerator<{ readonly lines: number; readonly bytes: number }> {
  const splitter = new LineSplitter(part, take);
  let hasTurn = false;
  let readBytes = 0;
  try {
    const blocks = readPart(file, part.file, part, { identities });
    for await (const bytes of blocks) {
      const before = splitter.lineCount;
      try {
        splitter.add(bytes);
      } catch (error) {
        if (error instanceof FirebreakError && error.code === "line-unreadable")
          await refuseSealed(blocks, error);
        throw error;
      }
      yield { lines: splitter.lineCount - before, bytes: bytes.length };
      readBytes += bytes.length;
      if (onlyBytes !== undefined && readBytes >= onlyBytes) return;
      if (splitter.isHugeNext) {
        if (!hasTurn) await hugeTurn?.take();
        hasTurn = true;
        splitter.beginHuge(part.plainBytes - readBytes);
      } else if (!splitter.isInHuge && hasTurn) {
        hugeTurn?.give();
        hasTurn = false;
      }
    }
  } finally {
    if (hasTurn) hugeTurn?.give();
  }
  if (!splitter.isAtLineStart || splitter.lineCount !== part.lineCount)
    throw archiveFault("part-content", {
      file: part.file,
      what: "lines",
      expected: String(part.lineCount),
      found: String(splitter.lineCount),
    });
}
