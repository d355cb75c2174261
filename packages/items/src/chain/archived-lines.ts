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

/** Reads lines and key lines of archives. */
export function archivedLineReader({ keyFields, ...reading }: ChainReading): ItemReader<KeyedLine> {
  const keyOf = (read: ReadLine): string => {
    const key = keyFields.length === 0 ? "" : keyLineOf(read, keyFields);
    if (key === undefined) throw new ReasonError(archiveReason("no-key"));
    return key;
  };
  return lineReader(reading, (read) => ({ key: keyOf(read), line: read.line }), keyOf);
}

/** Returns the lines of a namespace in one archive. They supersede earlier ones, as its deletes do. */
export function archivedLines(
  reader: ItemReader<KeyedLine>,
  { folder, entry: { parts, deletes = [], expired = [] } }: ChainListing,
): LinkItems<KeyedLine> {
  return linkItems(reader, { folder, parts, keys: [...deletes, ...expired, ...parts] });
}
