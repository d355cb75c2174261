import { join } from "node:path";
import { archiveFault, readPart, reasonOf, refuseSealed, type PartEntry } from "@firebreak/archive";
import { LineDecoder } from "@firebreak/archive";
import { wholeLines } from "./whole-lines.ts";

const NEWLINE = 0x0a;

/** How a line says the one value that an insert changes (`zeroTimestampsOf`). */
const ZERO_TIMESTAMP = '{"$timestamp":{"t":0,"i":0}}';
const RAW = '{"$firebreak"';

/** An archive, and what opens it where it is encrypted. */
export interface OpenArchive {
  readonly archive: string;
  readonly identities?: readonly string[] | undefined;
}

/** One document of a part, in the buffer that it was appended to. */
export interface ReadDocument {
  readonly start: number;
  readonly end: number;
  /** Whether it may have a field that an insert changes. */
  readonly isSuspect: boolean;
}

/**
 * Reads a part's documents, appending each to the decoder that `decoder` names
 * at that moment, and tells `take` of it. Memory stays at a few blocks and the longest line.
 *
 * @param take may return a promise to be waited for before the next document is decoded.
 * @throws {FirebreakError} of archive: a line that cannot be read, a part that is not what the manifest says.
 */
export async function readDocuments(
  { archive, identities }: OpenArchive,
  part: PartEntry,
  decoder: () => LineDecoder,
  take: (document: ReadDocument) => Promise<void> | undefined,
): Promise<void> {
  let line = 0;
  const blocks = readPart(join(archive, part.file), part.file, part, { identities });
  for await (const lines of wholeLines(blocks)) {
    const isSuspectBlock = lines.includes(ZERO_TIMESTAMP) || lines.includes(RAW);
    for (let start = 0; start < lines.length;) {
      line++;
      const newline = lines.indexOf(NEWLINE, start);
      const end = newline < 0 ? lines.length : newline;
      const { out } = decoder();
      const from = out.at;
      try {
        if (newline < 0) throw new Error("it has no end");
        decoder().decode(lines, start, end);
      } catch (error) {
        const fields = { file: part.file, line, reason: reasonOf(error) };
        await refuseSealed(blocks, archiveFault("line-unreadable", fields, error));
      }
      const isSuspect = isSuspectBlock && isSuspectLine(lines.subarray(start, end));
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
