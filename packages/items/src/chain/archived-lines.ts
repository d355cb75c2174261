import type { ChainListing } from "./chain-namespaces.ts";
import { lineReader, type LinesReading } from "./document-items.ts";
import { keyLineOf } from "./key-line.ts";
import { linkItems, type ItemReader, type Keyed, type LinkItems } from "./link-items.ts";
import { archiveReason, ReasonError, type ReadLine } from "@firebreak/archive";

/** The settings for reading the archives of a chain. */
export interface ChainReading extends LinesReading {
  /** The fields that tell lines apart. Empty if there are none, and then no link is "changed". */
  readonly keyFields: readonly string[];
}

/** A line of an archive, in byte text. Its key is its key line. */
export interface KeyedLine extends Keyed {
  readonly line: string;
}

/**
 * Reads items and key lines of archives.
 *
 * @param itemOf makes an item of a line, whose fields are valid only until it returns, and its key line.
 */
export function archivedItemReader<I extends Keyed>(
  { keyFields, ...reading }: ChainReading,
  itemOf: (read: ReadLine, key: string) => I,
): ItemReader<I> {
  const keyOf = (read: ReadLine): string => {
    const key = keyFields.length === 0 ? "" : keyLineOf(read, keyFields);
    if (key === undefined) throw new ReasonError(archiveReason("no-key"));
    return key;
  };
  return lineReader(reading, (read) => itemOf(read, keyOf(read)), keyOf);
}

/** Reads lines and key lines of archives. */
export function archivedLineReader(reading: ChainReading): ItemReader<KeyedLine> {
  return archivedItemReader(reading, ({ line }, key) => ({ key, line }));
}

/** Returns the items of a namespace in one archive. They supersede earlier ones, as its deletes do. */
export function archivedItems<I extends Keyed>(
  reader: ItemReader<I>,
  { folder, entry: { parts, deletes = [], expired = [] } }: ChainListing,
): LinkItems<I> {
  return linkItems(reader, { folder, parts, keys: [...deletes, ...expired, ...parts] });
}
