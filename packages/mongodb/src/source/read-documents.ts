import { join } from "node:path";
import {
  archiveFault,
  archiveReason,
  type FirebreakError,
  type HugeTurn,
  LineDecoder,
  type PartEntry,
  readPart,
  ReasonError,
  reasonOf,
  refuseSealed,
} from "@firebreak/archive";
import { wholeLines } from "./whole-lines.ts";

const NEWLINE = 0x0a;

/** The form in a line of the one value that an insert changes (`zeroTimestampsOf`). */
const ZERO_TIMESTAMP = '{"$timestamp":{"t":0,"i":0}}';
const RAW = '{"$firebreak"';

/** An archive, the keys that open it if it is encrypted, and the turn that its reading threads share. */
export interface OpenArchive {
  readonly archive: string;
  readonly identities?: readonly string[] | undefined;
  readonly hugeTurn?: HugeTurn | undefined;
}

/** One document of a part, in the buffer that it was appended to. */
export interface ReadDocument {
  readonly start: number;
  readonly end: number;
  /** True if the document may have a field that an insert changes. */
  readonly isSuspect: boolean;
}

/**
 * Reads a part's documents, appends each to the decoder that `decoder` returns at that moment, and passes it
 * to `take`.
 *
 * Memory stays at a few blocks and the longest line.
 *
 * @param take may return a promise; the next document is decoded after it is done.
 * @throws {FirebreakError} an error of archive: an unreadable line, or a part that differs from the manifest.
 */
export async function readDocuments(
  { archive, identities, hugeTurn }: OpenArchive,
  part: PartEntry,
  decoder: () => LineDecoder,
  take: (document: ReadDocument) => Promise<void> | undefined,
): Promise<void> {
  let line = 0;
  const unreadable = (error: unknown, number: number): FirebreakError =>
    archiveFault("line-unreadable", { file: part.file, line: number, reason: reasonOf(error) }, error);
  const blocks = readPart(join(archive, part.file), part.file, part, { identities });
  const toCut = { ...part, hugeTurn, unreadable: (error: unknown) => unreadable(error, line + 1) };
  for await (const { bytes: lines, release } of wholeLines(blocks, toCut)) {
    const isSuspectBlock = lines.includes(ZERO_TIMESTAMP) || lines.includes(RAW);
    const { length } = lines;
    for (let start = 0; start < length;) {
      line++;
      const newline = lines.indexOf(NEWLINE, start);
      const end = newline < 0 ? length : newline;
      const { out } = decoder();
      const from = out.at;
      try {
        if (newline < 0) throw new ReasonError(archiveReason("no-end"));
        decoder().decode(lines, start, end);
      } catch (error) {
        await refuseSealed(blocks, unreadable(error, line));
      }
      const isSuspect = isSuspectBlock && isSuspectLine(lines.subarray(start, end));
      if (end + 1 >= length) release();
      const taken = take({ start: from, end: out.at, isSuspect });
      if (taken !== undefined) await taken;
      start = end + 1;
    }
  }
  if (line !== part.lineCount)
    throw archiveFault("part-content", {
      file: part.file,
      what: "lines",
      expected: String(part.lineCount),
      found: String(line),
    });
}

function isSuspectLine(line: Buffer): boolean {
  return line.includes(ZERO_TIMESTAMP) || line.subarray(0, RAW.length).equals(Buffer.from(RAW));
}
