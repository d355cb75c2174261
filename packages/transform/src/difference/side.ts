/** A row or document of one of two sides that are compared. */
export interface SideItem {
  /** What it is told apart by; of tables without a unique key several may have one. */
  readonly key: string;
  /** SHA-256 of all of it. */
  readonly hash: Buffer;
  /** Its key, and all of it, as they are written with their line ends: byte text. */
  keyLine(): string;
  line(): string;
}

/** Rows or documents that can be gone through as often as need be. */
export interface Side {
  readonly count: number;
  /** @param rest is awaited after every few: what was gathered can be written then. */
  each(take: (item: SideItem) => void, rest: () => Promise<void>): Promise<void>;
}
