import type { ItemLines } from "@firebreak/items";

/** The bytes of text in one batch: a server's whole batch, 16 MiB, would be in memory at once. */
const GIVEN_BYTES = 256 * 1024;

/** Yields the lines of documents or rows in byte text, in batches. The caller may keep the texts. */
export async function* lineTexts<Item>(
  batches: AsyncIterable<readonly Item[]>,
  lines: ItemLines<Item>,
): AsyncGenerator<readonly string[]> {
  const { out } = lines;
  for await (const items of batches) {
    let texts: string[] = [];
    let bytes = 0;
    for (const item of items) {
      // The stops serve a part that is written meanwhile; there is none here.
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
