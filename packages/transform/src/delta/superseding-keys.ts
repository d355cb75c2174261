import { join } from "node:path";
import {
  KeyStore,
  KeyStoreWriter,
  sealKeys,
  SupersedingKeys,
  type Item,
  type LinkItems,
  type KeyRun,
} from "@firebreak/items";

/**
 * The keys that show which items of earlier links a delta supersedes, for the threads that read those items.
 */
export interface SealedSuperseding {
  /** The keys of the delta. */
  readonly touched: KeyRun;
  /** The keys of the links before it. */
  readonly earlier: KeyRun;
}

/**
 * Sorts the keys of a delta and of the links before it, once for all parts of a table. The caller closes it.
 */
export class DeltaKeys {
  readonly #touched: KeyStoreWriter;
  readonly #earlier: KeyStoreWriter;

  /** @param folder a folder of its own, for keys that do not fit in memory. */
  constructor(folder: string) {
    this.#touched = new KeyStoreWriter(join(folder, "touched"));
    this.#earlier = new KeyStoreWriter(join(folder, "earlier"));
  }

  /** @param links the links before the delta, the full archive first. */
  async seal<I extends Item>(
    delta: LinkItems<I>,
    links: readonly LinkItems<I>[],
  ): Promise<SealedSuperseding> {
    return {
      touched: await sealKeys(this.#touched, [delta]),
      earlier: await sealKeys(this.#earlier, links.slice(1)),
    };
  }

  async close(): Promise<void> {
    await this.#touched.close();
    await this.#earlier.close();
  }
}

/** Decides which items of one link a delta supersedes. The caller closes it. */
export class Superseded {
  readonly #touched: KeyStore;
  readonly #earlier: SupersedingKeys;
  readonly #link: number;

  /** @param link the number of the link that has the items. */
  constructor({ touched, earlier }: SealedSuperseding, link: number) {
    this.#touched = new KeyStore(touched);
    this.#earlier = new SupersedingKeys(earlier);
    this.#link = link;
  }

  /** True if the delta supersedes the item. False if a link in between already superseded it. */
  has(key: string): boolean {
    return this.#touched.has(key) && !this.#earlier.isSuperseded(key, this.#link);
  }

  /**
   * True if an item with the key remains after the delta: neither it nor a link in between supersedes it.
   */
  isLeft(key: string): boolean {
    return !this.#touched.has(key) && !this.#earlier.isSuperseded(key, this.#link);
  }

  async close(): Promise<void> {
    this.#touched.close();
    await this.#earlier.close();
  }
}
