import { KeyStore } from "../sorted/key-store.ts";
import type { KeyRun } from "../sorted/key-run.ts";
import { KeyStoreWriter } from "../sorted/key-store-writer.ts";
import type { LinkItems } from "./link-items.ts";

/** The keys of a link, and their reader. */
type LinkKeys = Pick<LinkItems<never>, "keys"> & {
  readonly reader: Pick<LinkItems<never>["reader"], "keys">;
};

/** Adds a key that the link with a number names; the first link has number 0. */
type AddKey = (key: string, link: number) => Promise<void>;

/**
 * Sorts the keys that links of a chain name, each with the number of the newest link that names it. The
 * caller closes the writer, after which the keys can no longer be looked up.
 *
 * @param later the links after the first, in the order of the chain. They are numbered from 1.
 * @throws {FirebreakError} a fault of archive, `disk-full` or `disk-failed`.
 */
export async function sealKeys(writer: KeyStoreWriter, later: readonly LinkKeys[]): Promise<KeyRun> {
  await addKeys(later, (key, link) => writer.add(key, link));
  return writer.seal();
}

/** Adds the keys that links name. @param from the number of the first of them. */
export async function addKeys(later: readonly LinkKeys[], add: AddKey, from = 1): Promise<void> {
  for (const [i, { reader, keys }] of later.entries())
    for (const placed of keys)
      for await (const block of reader.keys(placed)) for (const key of block) await add(key, from + i);
}

/** Decides which items of a chain are superseded by a later link. The caller closes it. */
export class SupersedingKeys {
  /** The keys, for `SupersedingKeys` of other threads while this is open. */
  readonly sealed: KeyRun;
  readonly #keys: KeyStore;
  readonly #writer: KeyStoreWriter | undefined;

  /**
   * @param writer closed with this object.
   * @throws {FirebreakError} `disk-failed`
   */
  constructor(keys: KeyRun, writer?: KeyStoreWriter) {
    this.sealed = keys;
    this.#keys = new KeyStore(keys);
    this.#writer = writer;
  }

  /**
   * Takes the keys that `each` adds, in any order.
   *
   * @param scratch a folder for this object alone, for keys that do not fit in memory: made when needed,
   * removed on close.
   */
  static async gather(scratch: string, each: (add: AddKey) => Promise<void>): Promise<SupersedingKeys> {
    const writer = new KeyStoreWriter(scratch);
    try {
      await each((key, link) => writer.add(key, link));
      return new SupersedingKeys(await writer.seal(), writer);
    } catch (error) {
      await writer.close();
      throw error;
    }
  }

  /** Reads the keys of all links after the first. */
  static read(scratch: string, later: readonly LinkKeys[]): Promise<SupersedingKeys> {
    return SupersedingKeys.gather(scratch, (add) => addKeys(later, add));
  }

  get isEmpty(): boolean {
    return this.#keys.count === 0;
  }

  /** Returns true if a link after this one names the key. */
  isSuperseded(key: string, link: number): boolean {
    return (this.#keys.get(key) ?? 0) > link;
  }

  async close(): Promise<void> {
    this.#keys.close();
    await this.#writer?.close();
  }
}
