import { join } from "node:path";
import { LineDecoder, lineBlocks, sha256BytesOf, type LineReading, type ReadLine } from "@firebreak/archive";
import { DOCUMENT_KEY, keyLineOf } from "./key-line.ts";
import type { Item, ItemReader, Keyed, PlacedPart } from "./link-items.ts";

/** The settings for reading parts of lines. */
export interface LinesReading extends LineReading {
  /** Is called with the lines and bytes of each block that was read. */
  readonly count?: ((lines: number, bytes: number) => void) | undefined;
}

/**
 * Reads parts of lines.
 *
 * @param itemOf makes an item of a line, whose fields are valid only until it returns.
 * @param keyOf returns the key in a line of a part of keys.
 */
export function lineReader<I extends Keyed>(
  reading: LinesReading,
  itemOf: (read: ReadLine) => I,
  keyOf: (read: ReadLine) => string,
): ItemReader<I> {
  return {
    items: (placed) => eachBlock(placed, reading, itemOf),
    keys: (placed) => eachBlock(placed, reading, keyOf),
  };
}

async function* eachBlock<T>(
  { folder, part }: PlacedPart,
  reading: LinesReading,
  itemOf: (read: ReadLine) => T,
): AsyncGenerator<readonly T[]> {
  let items: T[] = [];
  const take = (read: ReadLine): void => void items.push(itemOf(read));
  for await (const { lines, bytes } of lineBlocks(join(folder, part.file), part, reading, take)) {
    reading.count?.(lines, bytes);
    yield items;
    items = [];
  }
}

/** A document, by its line. */
class DocumentItem implements Item {
  readonly key: string;
  readonly #line: string;
  readonly #decoder: LineDecoder;

  constructor(read: ReadLine, decoder: LineDecoder) {
    this.key = keyLineOf(read, DOCUMENT_KEY) ?? "";
    this.#line = read.line;
    this.#decoder = decoder;
  }

  hash(): Buffer {
    const { out } = this.#decoder;
    const line = Buffer.from(this.#line, "latin1");
    out.clear();
    this.#decoder.decode(line, 0, line.length);
    return sha256BytesOf(out.written());
  }

  keyLine(): string {
    return `${this.key}\n`;
  }

  line(): string {
    return `${this.#line}\n`;
  }
}

/** Reads documents in the output of transform. Their keys are key lines. */
export function documentReader(reading: LinesReading): ItemReader<Item> {
  const decoder = new LineDecoder();
  return lineReader(
    reading,
    (read) => new DocumentItem(read, decoder),
    ({ line }) => line,
  );
}
