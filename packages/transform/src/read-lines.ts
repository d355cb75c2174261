import { isAscii } from "node:buffer";
import {
  archiveFault,
  LineFields,
  RAW_LINE_START,
  rawFields,
  readPart,
  reasonOf,
  type PartEntry,
} from "@firebreak/archive";

const NEWLINE = 0x0a;

/** The fields of a line that text can say: all of them, but for a raw line. */
export interface Fields {
  readonly count: number;
  readonly names: readonly string[];
  readonly texts: readonly string[];
}

/** One line of a part. `fields` is valid until the next line. */
export interface ReadLine {
  readonly line: string;
  /** Counted from 1. */
  readonly number: number;
  readonly isRaw: boolean;
  readonly fields: Fields;
}

/**
 * Reads a part and gives its lines to `take`, one by one; what was gathered of
 * a block of them can be written in `afterBlock`.
 *
 * Lines are cut from the bytes and decoded each on its own: one Chinese letter
 * in a block decoded whole would make two-byte strings of all its lines, and
 * all that follows slower.
 *
 * @throws {FirebreakError} what `readPart` throws, `line-unreadable`, or `part-content` when lines are missing.
 */
export async function readLines(
  file: string,
  part: PartEntry,
  take: (line: ReadLine) => void,
  afterBlock: (lines: number, bytes: number) => Promise<void> | void,
): Promise<void> {
  const fields = new LineFields();
  let number = 0;
  let rest: Buffer[] = [];
  const takeLine = (bytes: Buffer): void => {
    number++;
    const line = bytes.toString(isAscii(bytes) ? "latin1" : "utf8");
    const isRaw = line.startsWith(RAW_LINE_START);
    try {
      if (!isRaw) fields.read(line);
      take({ line, number, isRaw, fields: isRaw ? sayableFields(line) : fields });
    } catch (error) {
      throw archiveFault(
        "line-unreadable",
        { file: part.file, line: number, reason: reasonOf(error) },
        error,
      );
    }
  };
  for await (const block of readPart(file, part.file, part)) {
    const before = number;
    let start = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, start)) {
      const bytes = block.subarray(start, end);
      takeLine(rest.length === 0 ? bytes : Buffer.concat([...rest, bytes]));
      rest = [];
      start = end + 1;
    }
    if (start < block.length) rest.push(block.subarray(start));
    await afterBlock(number - before, block.length);
  }
  if (rest.length > 0 || number !== part.lineCount)
    throw archiveFault("part-content", {
      file: part.file,
      what: "lines",
      expected: String(part.lineCount),
      found: String(number),
    });
}

function sayableFields(line: string): Fields {
  const names: string[] = [];
  const texts: string[] = [];
  for (const { name, text } of rawFields(line))
    if (name !== undefined && text !== undefined) {
      names.push(name);
      texts.push(text);
    }
  return { count: names.length, names, texts };
}
