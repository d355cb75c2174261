import { isAscii } from "node:buffer";
import {
  archiveFault,
  exactFields,
  RAW_LINE_START,
  readPart,
  reasonOf,
  type PartEntry,
} from "@firebreak/archive";
import { jsonlParser } from "stream-chain/jsonl/parser.js";
import type { Value } from "./kinds.ts";

const NEWLINE = 0x0a;

/** One line of a part: its text, and what JSON.parse makes of it. */
export interface ReadLine {
  readonly line: string;
  readonly document: { readonly [name: string]: Value };
}

/** The fields of a line that text can say, by name: all of them, but for a raw line. */
export function sayableFields({ line, document }: ReadLine): ReadLine["document"] {
  if (!line.startsWith(RAW_LINE_START)) return document;
  const fields = Object.create(null) as Record<string, Value>;
  for (const { name, text } of exactFields(line))
    if (name !== undefined && text !== undefined) fields[name] = JSON.parse(text) as Value;
  return fields;
}

/**
 * Reads a part and gives its lines to `take`, one by one, counted from 1; what
 * was gathered of a block of lines can be written in `afterBlock`.
 *
 * Lines are cut from the bytes and decoded each on its own, in place of
 * stream-chain's decoding of whole blocks: one Chinese letter in a block makes
 * two-byte strings of all its lines, which halves the speed of what follows
 * (bench: transform). They are parsed by stream-chain's JSONL parser.
 *
 * @throws {FirebreakError} what `readPart` throws, `line-unreadable`, or `part-content` when lines are missing.
 */
export async function readLines(
  file: string,
  part: PartEntry,
  take: (line: ReadLine, lineNumber: number) => void,
  afterBlock: (lines: number, bytes: number) => Promise<void> | void,
): Promise<void> {
  const parse = jsonlParser() as unknown as (line: string) => { readonly value: ReadLine["document"] };
  let lineCount = 0;
  let rest: Buffer[] = [];
  const takeLine = (bytes: Buffer): void => {
    lineCount++;
    const line = isAscii(bytes) ? bytes.toString("latin1") : bytes.toString("utf8");
    let document: ReadLine["document"];
    try {
      document = parse(line).value;
    } catch (error) {
      throw archiveFault(
        "line-unreadable",
        { file: part.file, line: lineCount, reason: reasonOf(error) },
        error,
      );
    }
    take({ line, document }, lineCount);
  };
  for await (const block of readPart(file, part.file, part)) {
    const before = lineCount;
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      const bytes = block.subarray(start, end);
      takeLine(rest.length === 0 ? bytes : Buffer.concat([...rest, bytes]));
      rest = [];
      start = end + 1;
    }
    if (start < block.length) rest.push(block.subarray(start));
    await afterBlock(lineCount - before, block.length);
  }
  if (rest.length > 0 || lineCount !== part.lineCount)
    throw archiveFault("part-content", {
      file: part.file,
      what: "lines",
      expected: String(part.lineCount),
      found: String(lineCount),
    });
}
