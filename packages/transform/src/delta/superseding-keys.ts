import { join } from "node:path";
import { KeyStore, KeyStoreWriter, type PartEntry, type SealedKeys } from "@firebreak/archive";

/** A part and the folder that its name is relative to. */
export interface PlacedPart {
  readonly folder: string;
  readonly part: PartEntry;
}

/** Gives each key of a part of keys, as text that is equal for equal keys. */
export type EachKey = (placed: PlacedPart, take: (key: string) => Promise<void>) => Promise<void>;

/** The keys by which an earlier link's rows are told that a delta supersedes; they go to the threads that read those rows. */
export interface SealedSuperseding {
  /** Keys of the delta. */
  readonly touched: SealedKeys;
  /** Keys of the links before it, each with the number of the newest of these links that names it. */
  readonly earlier: SealedKeys;
}

/** Sorts the keys of a delta and of the links before it, once for all parts of a table. Close it when done. */
export class SupersedingKeys {
  readonly #touched: KeyStoreWriter;
  readonly #earlier: KeyStoreWriter;

  /** @param folder of its own, for what does not fit in memory. */
  constructor(folder: string) {
    this.#touched = new KeyStoreWriter(join(folder, "touched"));
    this.#earlier = new KeyStoreWriter(join(folder, "earlier"));
  }

  /** @param links the parts of keys that each link has, the full archive first. */
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

/** Tells which rows of one link a delta supersedes. Close it when done. */
export class Superseded {
  readonly #touched: KeyStore;
  readonly #earlier: KeyStore;
  readonly #link: number;

  /** @param link the number of the link that the rows are of. */
  constructor({ touched, earlier }: SealedSuperseding, link: number) {
    this.#touched = new KeyStore(touched);
    this.#earlier = new KeyStore(earlier);
    this.#link = link;
  }

  /** False also where a link between has superseded the row before. */
  has(key: string): boolean {
    return this.#touched.has(key) && (this.#earlier.get(key) ?? 0) <= this.#link;
  }

  /** Whether a row with the key is still there when the delta is in: neither it nor a link between supersedes it. */
  isLeft(key: string): boolean {
    return !this.#touched.has(key) && (this.#earlier.get(key) ?? 0) <= this.#link;
  }

  close(): void {
    this.#touched.close();
    this.#earlier.close();
  }
}
