import { readPart, type PartEntry } from "@firebreak/archive";

const NEWLINE = 0x0a;

/** The matches in one block of a part: whole lines, adjacent ones in one buffer. */
export interface Matches {
  readonly lines: readonly Buffer[];
  readonly readBytes: number;
}

/**
 * Yields the lines of a part that contain `text`, with their line ends and in order, or all lines if it is
 * empty. It compares the bytes as they are in the line.
 *
 * @throws {FirebreakError} the errors of `readPart`. A damaged part may have yielded lines before.
 */
export async function* matchingLines(
  file: string,
  part: PartEntry,
  text: Buffer,
  identities?: readonly string[],
): AsyncGenerator<Matches> {
  // A line's blocks are joined only when its end has come: a line of 90 MB has hundreds of blocks.
  let rest: Buffer[] = [];
  for await (const block of readPart(file, part.file, part, { identities })) {
    const end = block.lastIndexOf(NEWLINE) + 1;
    const lines = end === 0 ? [] : matches(Buffer.concat([...rest, block.subarray(0, end)]), text);
    if (end > 0) rest = [];
    if (end < block.length) rest.push(block.subarray(end));
    yield { lines, readBytes: block.length };
  }
}

function matches(lines: Buffer, text: Buffer): Buffer[] {
  if (text.length === 0) return [lines];
  if (text.includes(NEWLINE)) return [];
  const found: Buffer[] = [];
  for (let hit = lines.indexOf(text); hit >= 0;) {
    const start = lines.lastIndexOf(NEWLINE, hit) + 1;
    const end = lines.indexOf(NEWLINE, hit) + 1;
    found.push(lines.subarray(start, end));
    hit = lines.indexOf(text, end);
  }
  return found;
}
