import type { TablePart } from "@firebreak/archive";

/** The rows or documents of one source part that went to one target. */
export interface WrittenItems {
  readonly part: TablePart;
  /** 0 for documents. */
  readonly largestValueBytes: number;
  readonly largestItemBytes: number;
}

/** Writes the rows or documents of one source part for one target, in one file that begins with the first. */
export interface ItemSink<Item> {
  /** @param isHuge true if the item comes from a line so long that it should not stay in memory. */
  add(item: Item, isHuge: boolean): void;
  /** Writes the items added so far. */
  flush(): Promise<void>;
  /** Seals the file. Returns undefined if no item came. */
  seal(): Promise<WrittenItems | undefined>;
  abandon(): Promise<void>;
}
