import type { PartEntry } from "@firebreak/archive";

/** An item that has a key. In a table without a unique key, several items may have the same. */
export interface Keyed {
  /** A text that is equal for equal keys, however they are spelled. */
  readonly key: string;
}

/** A row or a document. */
export interface Item extends Keyed {
  /** Returns the SHA-256 of the whole item. */
  hash(): Buffer;
  /** The item's key, and the item, as they are written with their line ends: byte text. */
  keyLine(): string;
  line(): string;
}

/** A part, and the folder that its name is relative to. */
export interface PlacedPart {
  readonly folder: string;
  readonly part: PartEntry;
}

/** Reads the parts of one kind of items, a block at a time. */
export interface ItemReader<I extends Keyed> {
  /** @throws {FirebreakError} a fault of archive. */
  items(placed: PlacedPart): AsyncIterable<readonly I[]>;
  /** Yields the keys in a part of keys. */
  keys(placed: PlacedPart): AsyncIterable<readonly string[]>;
}

/** The items that one link of a chain has of a table or a collection. */
export interface LinkItems<I extends Keyed> {
  readonly reader: ItemReader<I>;
  readonly parts: readonly PlacedPart[];
  /** The parts with the keys whose items in earlier links are superseded. */
  readonly keys: readonly PlacedPart[];
}

/** A table or a collection as the manifest of one link lists it. */
export interface ListedItems {
  readonly folder: string;
  readonly parts: readonly PartEntry[];
  readonly keys?: readonly PartEntry[] | undefined;
}

/** Returns the items that a link lists, and their reader. */
export function linkItems<I extends Keyed>(
  reader: ItemReader<I>,
  { folder, parts, keys = [] }: ListedItems,
): LinkItems<I> {
  const placed = (of: readonly PartEntry[]): PlacedPart[] => of.map((part) => ({ folder, part }));
  return { reader, parts: placed(parts), keys: placed(keys) };
}
