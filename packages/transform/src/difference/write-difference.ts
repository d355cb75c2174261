import { LazyPart, sha256BytesOf, type PartEntry } from "@firebreak/archive";
import { TableDigest, type ChainItems, type Item, type PlainDigest } from "@firebreak/items";

/** Rows or documents that are read as often as needed. */
export type Side = Pick<ChainItems<Item>, "items" | "lineCount">;

/** The number of keys in one round, which bounds memory. There are as many rounds as necessary. */
const ROUND_KEYS = 200_000;

/** The files of the difference, relative to the folder that transform writes. */
export interface DifferenceFiles {
  readonly folder: string;
  readonly recipients: readonly string[];
  readonly keysFile: string;
  readonly itemsFile: string;
}

/** The changes that turn one side into the other. */
export interface Difference {
  /** The keys of the old side whose items are deleted. */
  readonly keys: PartEntry | undefined;
  /** The number of these keys without an item on the new side. */
  readonly goneCount: number;
  /** All items of the new side whose keys differ. */
  readonly items: PartEntry | undefined;
  readonly digest: PlainDigest;
}

/**
 * Writes the changes that turn an old side into a new one: the keys of old items that differ, and the new
 * items under all keys that differ. Memory stays flat, because each round looks at a share of the keys.
 */
export async function writeDifference(
  old: Side,
  fresh: Side,
  { folder, recipients, keysFile, itemsFile }: DifferenceFiles,
): Promise<Difference> {
  const rounds = Math.max(1, Math.ceil((old.lineCount + fresh.lineCount) / ROUND_KEYS));
  const keys = new LazyPart({ folder, file: keysFile, recipients });
  const items = new LazyPart({ folder, file: itemsFile, recipients });
  const digest = new TableDigest();
  let goneCount = 0;
  try {
    for (let round = 0; round < rounds; round++) {
      const isOfRound = ({ key }: Item): boolean => rounds === 1 || roundOf(key, rounds) === round;
      const differing = await differingKeys(old, fresh, isOfRound);
      if (differing.size === 0) continue;
      const named = new Set<string>();
      for await (const block of old.items()) {
        for (const item of block) {
          if (!isOfRound(item) || !differing.has(item.key) || named.has(item.key)) continue;
          named.add(item.key);
          if (differing.get(item.key) === "gone") goneCount++;
          put(keys, item.keyLine());
        }
        await rest(keys);
      }
      for await (const block of fresh.items()) {
        for (const item of block) {
          if (!isOfRound(item) || !differing.has(item.key)) continue;
          digest.add(item.hash());
          put(items, item.line());
        }
        await rest(items);
      }
    }
    return { keys: await keys.seal(), goneCount, items: await items.seal(), digest: digest.toPlain() };
  } catch (error) {
    await keys.abandon();
    await items.abandon();
    throw error;
  }
}

/** Returns the keys whose items differ between the sides, and marks those that the new side no longer has. */
async function differingKeys(
  old: Side,
  fresh: Side,
  isOfRound: (item: Item) => boolean,
): Promise<ReadonlyMap<string, "gone" | "other">> {
  const [before, after] = [await contents(old, isOfRound), await contents(fresh, isOfRound)];
  const differing = new Map<string, "gone" | "other">();
  for (const [key, found] of before)
    if (after.get(key) !== found) differing.set(key, after.has(key) ? "other" : "gone");
  for (const key of after.keys()) if (!before.has(key)) differing.set(key, "other");
  return differing;
}

/** Returns the hashes of a side's items by key. The order of the items does not matter. */
async function contents(
  side: Side,
  isOfRound: (item: Item) => boolean,
): Promise<ReadonlyMap<string, string>> {
  const found = new Map<string, string>();
  for await (const block of side.items())
    for (const item of block) {
      if (!isOfRound(item)) continue;
      const own = item.hash().toString("latin1");
      const others = found.get(item.key);
      found.set(item.key, others === undefined ? own : joined(others, own));
    }
  return found;
}

const HASH_BYTES = 32;

function joined(others: string, own: string): string {
  const all = [own];
  for (let at = 0; at < others.length; at += HASH_BYTES) all.push(others.slice(at, at + HASH_BYTES));
  return all.toSorted().join("");
}

function roundOf(key: string, rounds: number): number {
  return sha256BytesOf(key).readUInt32LE() % rounds;
}

function put(part: LazyPart, line: string): void {
  part.lines.ascii(line);
  part.lineCount++;
}

async function rest(part: LazyPart): Promise<void> {
  if (part.isFull) await part.flush();
}
