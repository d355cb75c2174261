import type { ItemLines } from "../part-sequence.ts";

/** The lines of documents or rows, in byte text, as they come in batches. */
export async function* lineTexts<Item>(
  batches: AsyncIterable<readonly Item[]>,
  lines: ItemLines<Item>,
): AsyncGenerator<readonly string[]> {
  const { out } = lines;
  for await (const items of batches) {
    const texts: string[] = [];
    for (const item of items) {
      // What stops are for is a part that is written meanwhile.
      for (const _ of lines.write(item));
      texts.push(out.written().toString("latin1"));
      out.clear();
    }
    yield texts;
  }
}
