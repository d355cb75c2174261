/** A row or document of one of two compared sides. */
export interface SideItem {
  /** The key that identifies the item. In tables without a unique key, several items may have the same. */
  readonly key: string;
  /** The SHA-256 of the whole item. */
  readonly hash: Buffer;
  /** The item's key, and the item, as they are written with their line ends: byte text. */
  keyLine(): string;
  line(): string;
}

/** Rows or documents that can be iterated as often as needed. */
export interface Side {
  readonly count: number;
  /**
   * Passes each item to `take`.
   *
   * @param rest is awaited after every few items, so that collected output can be written.
   */
  each(take: (item: SideItem) => void, rest: () => Promise<void>): Promise<void>;
}
