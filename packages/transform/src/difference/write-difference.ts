import { LazyPart, sha256BytesOf, type PartEntry } from "@firebreak/archive";
import {
  LineSorter,
  TableDigest,
  ChainItems,
  type Item,
  type PlainDigest,
  linkItems,
  type ItemReader,
  type ListedItems,
} from "@firebreak/items";
import { join } from "node:path";
import { SCRATCH } from "../delta/superseded-digests.ts";
import type { DifferenceTask } from "./difference-task.ts";

/**
 * Writes the changes between a table or collection at the end of a chain and the same one in the whole
 * transform.
 *
 * @param links the links that hold its items, in the order of the chain.
 * @param whole its entry in the manifest of the whole transform.
 */
export async function differenceOf(
  { whole: wholeFolder, folder, keys: { recipients } }: DifferenceTask,
  reader: ItemReader<Item>,
  links: readonly ListedItems[],
  whole: Pick<ListedItems, "parts">,
  files: Pick<DifferenceFiles, "keysFile" | "itemsFile">,
): Promise<Difference> {
  const itemsOf = (listed: readonly ListedItems[]): ChainItems<Item> =>
    new ChainItems(
      listed.map((link) => linkItems(reader, link)),
      join(folder, SCRATCH),
    );
  const old = itemsOf(links);
  const fresh = itemsOf([{ folder: wholeFolder, parts: whole.parts }]);
  try {
    const scratch = join(folder, "difference.partial");
    return await writeDifference(old, fresh, { folder, recipients, scratch, ...files });
  } finally {
    await old.close();
  }
}

/** Rows or documents that come in the same order as often as they are read. */
export type Side = Pick<ChainItems<Item>, "items" | "lineCount">;

/** The files of the difference, relative to the folder that transform writes. */
export interface DifferenceFiles {
  readonly folder: string;
  readonly recipients: readonly string[];
  readonly keysFile: string;
  readonly itemsFile: string;
  /** A folder for this difference alone, for what does not fit in memory: made when needed, then removed. */
  readonly scratch: string;
  readonly runBytes?: number;
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
 * Writes the changes that turn an old side into a new one: the keys of old items that differ, each once, and
 * the new items under all keys that differ. Both keep the order in which their side has them. It reads each
 * side at most twice, and holds some 16 MiB and one bit for each item, however much differs.
 */
export async function writeDifference(
  old: Side,
  fresh: Side,
  { folder, recipients, keysFile, itemsFile, scratch, runBytes }: DifferenceFiles,
): Promise<Difference> {
  const { named, renewed, goneCount } = await compare(old, fresh, new LineSorter(scratch, runBytes));
  const keys = new LazyPart({ folder, file: keysFile, recipients });
  const items = new LazyPart({ folder, file: itemsFile, recipients });
  const digest = new TableDigest();
  try {
    await writeMarked(old, named, keys, (item) => item.keyLine());
    await writeMarked(fresh, renewed, items, (item) => {
      digest.add(item.hash());
      return item.line();
    });
    return { keys: await keys.seal(), goneCount, items: await items.seal(), digest: digest.toPlain() };
  } catch (error) {
    await keys.abandon();
    await items.abandon();
    throw error;
  }
}

/** The places of items that a difference writes. */
interface Comparison {
  /** The first old item of each key that differs. */
  readonly named: Places;
  /** All new items of these keys. */
  readonly renewed: Places;
  readonly goneCount: number;
}

/** The bytes of a key's hash that tell it from all others, of an item's hash, and of an item's place. */
const KEY_BYTES = 16;
const HASH_BYTES = 32;
const PLACE_BYTES = 6;
const [OLD, FRESH] = [0, 1];

/** Sorts both sides by their keys and compares the items of each key, whose order does not matter. */
async function compare(old: Side, fresh: Side, sorter: LineSorter): Promise<Comparison> {
  const [named, renewed] = [new Places(old.lineCount), new Places(fresh.lineCount)];
  let goneCount = 0;
  const judge = ([before, after]: SidesOfKey): void => {
    if (hasSameItems(before, after)) return;
    if (before.length > 0) named.add(before.reduce((first, { place }) => Math.min(first, place), Infinity));
    if (after.length === 0) goneCount++;
    for (const { place } of after) renewed.add(place);
  };
  try {
    await sortSide(old, OLD, sorter);
    await sortSide(fresh, FRESH, sorter);
    let current = Buffer.alloc(KEY_BYTES);
    let sides: SidesOfKey = [[], []];
    for await (const { key, mark, line } of await sorter.sorted()) {
      if (!key.equals(current)) {
        judge(sides);
        current = Buffer.from(key);
        sides = [[], []];
      }
      sides[mark]!.push({
        hash: line.toString("latin1", 0, HASH_BYTES),
        place: line.readUIntLE(HASH_BYTES, PLACE_BYTES),
      });
    }
    judge(sides);
  } finally {
    await sorter.close();
  }
  return { named, renewed, goneCount };
}

/** The items of one key, old and new. */
type SidesOfKey = readonly [ItemAt[], ItemAt[]];

interface ItemAt {
  readonly hash: string;
  readonly place: number;
}

async function sortSide(side: Side, mark: number, sorter: LineSorter): Promise<void> {
  const line = Buffer.alloc(HASH_BYTES + PLACE_BYTES);
  let place = 0;
  for await (const block of side.items())
    for (const item of block) {
      item.hash().copy(line);
      line.writeUIntLE(place++, HASH_BYTES, PLACE_BYTES);
      await sorter.add({ key: sha256BytesOf(item.key).subarray(0, KEY_BYTES), mark, line });
    }
}

function hasSameItems(before: readonly ItemAt[], after: readonly ItemAt[]): boolean {
  if (before.length !== after.length) return false;
  if (before.length === 1) return before[0]!.hash === after[0]!.hash;
  const [ours, theirs] = [before, after].map((items) => items.map(({ hash }) => hash).toSorted());
  return ours!.every((hash, i) => hash === theirs![i]);
}

/** Writes the marked items of a side in their order. */
async function writeMarked(
  side: Side,
  marked: Places,
  part: LazyPart,
  lineOf: (item: Item) => string,
): Promise<void> {
  if (marked.isEmpty) return;
  let place = 0;
  for await (const block of side.items()) {
    for (const item of block) {
      if (!marked.has(place++)) continue;
      part.lines.ascii(lineOf(item));
      part.lineCount++;
    }
    if (part.isFull) await part.flush();
  }
}

/** A set of places of a side's items, in one bit for each item. */
class Places {
  readonly #bits: Uint8Array;
  isEmpty = true;

  constructor(count: number) {
    this.#bits = new Uint8Array(Math.ceil(count / 8));
  }

  add(place: number): void {
    this.#bits[Math.floor(place / 8)]! |= 1 << (place % 8);
    this.isEmpty = false;
  }

  has(place: number): boolean {
    return (this.#bits[Math.floor(place / 8)]! & (1 << (place % 8))) !== 0;
  }
}
