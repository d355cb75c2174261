import { readPart, type PartEntry } from "@firebreak/archive";

const NEWLINE = 0x0a;

/**
 * Yields the lines of a part as byte text. A line is in memory as a whole.
 *
 * @throws {FirebreakError} as `readPart` does.
 */
export async function* smallLines(
  file: string,
  part: PartEntry,
  identities: readonly string[] | undefined,
): AsyncGenerator<string> {
  let begun = "";
  for await (const block of readPart(file, part.file, part, { identities })) {
    let from = 0;
    for (let end = block.indexOf(NEWLINE); end >= 0; end = block.indexOf(NEWLINE, from)) {
      yield begun + block.toString("latin1", from, end);
      begun = "";
      from = end + 1;
    }
    begun += block.toString("latin1", from);
  }
}
