import type { ItemLines } from "../part-sequence.ts";

/** Bytes of text that are given at once: of a whole batch of a server's, 16 MiB, all texts would be alive together. */
const GIVEN_BYTES = 256 * 1024;

/** The lines of documents or rows, in byte text, some at a time; these are good for as long as they are kept. */
export async function* lineTexts<Item>(
  batches: AsyncIterable<readonly Item[]>,
  lines: ItemLines<Item>,
): AsyncGenerator<readonly string[]> {
  const { out } = lines;
  for await (const items of batches) {
    let texts: string[] = [];
    let bytes = 0;
    for (const item of items) {
      // What stops are for is a part that is written meanwhile.
      for (const _ of lines.write(item));
      texts.push(out.written().toString("latin1"));
      bytes += out.at;
      out.clear();
      if (bytes < GIVEN_BYTES) continue;
      yield texts;
      texts = [];
      bytes = 0;
    }
    if (texts.length > 0) yield texts;
  }
}
