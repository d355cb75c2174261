import type { Keyed, LinkItems } from "./link-items.ts";
import { addKeys, SupersedingKeys } from "./superseding-keys.ts";

/**
 * The items of a chain without those that a later link supersedes. They may be read several times. Memory
 * holds some 16 MiB of keys at most; the rest is on the disk. The caller closes it.
 *
 * @throws {FirebreakError} a fault of archive, `disk-full` or `disk-failed`, from any of its methods.
 */
export class ChainItems<I extends Keyed> {
  readonly #links: readonly LinkItems<I>[];
  readonly #scratch: string;
  #keys: Promise<SupersedingKeys> | undefined;

  /**
   * @param links in the order of the chain.
   * @param scratch a folder for this object alone, for keys that do not fit in memory: made when needed,
   * removed on close.
   */
  constructor(links: readonly LinkItems<I>[], scratch: string) {
    this.#links = links;
    this.#scratch = scratch;
  }

  /** The number of items, superseded ones included. */
  get lineCount(): number {
    return this.#links.flatMap((l) => l.parts).reduce((sum, { part }) => sum + part.lineCount, 0);
  }

  /** Yields all items, a block at a time, link after link. */
  async *items(): AsyncGenerator<readonly I[]> {
    for (const number of this.#links.keys()) yield* this.itemsOf(number);
  }

  /** Yields the items of one link. */
  async *itemsOf(number: number): AsyncGenerator<readonly I[]> {
    const { reader, parts } = this.#links[number]!;
    const keys = number === this.#links.length - 1 ? undefined : await this.keys();
    for (const placed of parts)
      for await (const items of reader.items(placed))
        yield keys?.isEmpty !== false ? items : items.filter(({ key }) => !keys.isSuperseded(key, number));
  }

  /**
   * Passes on the items of all links but the first, the newest link first. That link is read just once, for
   * its keys and its items; call this before the other methods.
   */
  async eachLater(take: (item: I) => Promise<void> | void): Promise<void> {
    const newest = this.#links.length - 1;
    if (newest === 0) return;
    const { reader, parts, keys } = this.#links[newest]!;
    this.#keys = SupersedingKeys.gather(this.#scratch, async (add) => {
      await addKeys(this.#links.slice(1, -1), add);
      const isRead = new Set(parts.map(({ part }) => part));
      await addKeys([{ reader, keys: keys.filter(({ part }) => !isRead.has(part)) }], add, newest);
      for (const placed of parts)
        for await (const items of reader.items(placed))
          for (const item of items) {
            await add(item.key, newest);
            await take(item);
          }
    });
    await this.#keys;
    for (let number = newest - 1; number > 0; number--)
      for await (const items of this.itemsOf(number)) for (const item of items) await take(item);
  }

  /** Returns the keys that decide. They are closed with this object. */
  keys(): Promise<SupersedingKeys> {
    this.#keys ??= SupersedingKeys.read(this.#scratch, this.#links.slice(1));
    return this.#keys;
  }

  async close(): Promise<void> {
    const keys = await this.#keys?.catch(() => undefined);
    await keys?.close();
  }
}
