import { join } from "node:path";
import { KeyStore, KeyStoreWriter, type SealedKeys } from "@firebreak/items";
import type { PartEntry } from "@firebreak/archive";

/** A part, and the folder that its name is relative to. */
export interface PlacedPart {
  readonly folder: string;
  readonly part: PartEntry;
}

/** Passes on each key in a part of keys, as a text that is equal for equal keys. */
export type EachKey = (placed: PlacedPart, take: (key: string) => Promise<void>) => Promise<void>;

/**
 * The keys that show which rows of earlier links a delta supersedes, for the threads that read those rows.
 */
export interface SealedSuperseding {
  /** The keys of the delta. */
  readonly touched: SealedKeys;
  /** The keys of the links before it, each with the number of the newest link that names it. */
  readonly earlier: SealedKeys;
}

/**
 * Sorts the keys of a delta and of the links before it, once for all parts of a table. The caller closes it.
 */
export class SupersedingKeys {
  readonly #touched: KeyStoreWriter;
  readonly #earlier: KeyStoreWriter;

  /** @param folder a folder of its own, for keys that do not fit in memory. */
  constructor(folder: string) {
    this.#touched = new KeyStoreWriter(join(folder, "touched"));
    this.#earlier = new KeyStoreWriter(join(folder, "earlier"));
  }

  /** @param links the parts of keys in each link, the full archive first. */
  async seal(
    eachKey: EachKey,
    touched: readonly PlacedPart[],
    links: readonly (readonly PlacedPart[])[],
  ): Promise<SealedSuperseding> {
    for (const placed of touched) await eachKey(placed, (key) => this.#touched.add(key));
    for (const [number, parts] of links.entries())
      for (const placed of parts) await eachKey(placed, (key) => this.#earlier.add(key, number));
    return { touched: await this.#touched.seal(), earlier: await this.#earlier.seal() };
  }

  async close(): Promise<void> {
    await this.#touched.close();
    await this.#earlier.close();
  }
}

/** Decides which rows of one link a delta supersedes. The caller closes it. */
export class Superseded {
  readonly #touched: KeyStore;
  readonly #earlier: KeyStore;
  readonly #link: number;

  /** @param link the number of the link that has the rows. */
  constructor({ touched, earlier }: SealedSuperseding, link: number) {
    this.#touched = new KeyStore(touched);
    this.#earlier = new KeyStore(earlier);
    this.#link = link;
  }

  /** True if the delta supersedes the row. False if a link in between already superseded it. */
  has(key: string): boolean {
    return this.#touched.has(key) && (this.#earlier.get(key) ?? 0) <= this.#link;
  }

  /**
   * True if a row with the key remains after the delta: neither it nor a link in between supersedes the row.
   */
  isLeft(key: string): boolean {
    return !this.#touched.has(key) && (this.#earlier.get(key) ?? 0) <= this.#link;
  }

  close(): void {
    this.#touched.close();
    this.#earlier.close();
  }
}
