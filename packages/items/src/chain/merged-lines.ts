import { join } from "node:path";
import type { ChainListing } from "./chain-namespaces.ts";
import { keyLineOf } from "./key-line.ts";
import { LineFields, RAW_LINE_START } from "@firebreak/archive";
import { LineSorter } from "../sorted/line-sorter.ts";
import type { SortedLine } from "../sorted/sorted-run.ts";
import { archivedLineReader, archivedItems, type ChainReading, type KeyedLine } from "./archived-lines.ts";
import { ChainItems } from "./chain-items.ts";
import type { LinkItems } from "./link-items.ts";

/** Returns byte text that sorts a key among the others; undefined if its place is not known. */
export type OrderOf = (keyLine: string) => string | undefined;

/** The lines of a namespace at a chain's end, in order. The caller closes it. */
export interface MergedLines {
  /** The number of new lines whose place is not known; they come after the others. */
  readonly behindCount: number;
  /** Passes on all lines; may be called again. */
  each(take: Take): Promise<void>;
  close(): Promise<void>;
}

type Take = (line: KeyedLine) => Promise<void> | void;

/** A key has no known place, or lines are not in the order of their keys. */
export class OrderUnknown extends Error {}

/**
 * The first letter of a place: of a line in the place of an earlier one with its key, and of one after all
 * others.
 */
const IN_PLACE = "\0";
const BEHIND = "\x01";

/**
 * Merges by the order of keys.
 *
 * @param listings the first has the whole namespace.
 * @throws {OrderUnknown} also from `each`.
 */
export async function mergeByKey(
  listings: readonly ChainListing[],
  reading: ChainReading,
  orderOf: OrderOf,
  scratch: string,
): Promise<MergedLines> {
  const known = (keyLine: string): string => {
    const order = orderOf(keyLine);
    if (order === undefined) throw new OrderUnknown(keyLine);
    return order;
  };
  const chain = chainOf(listings, reading, scratch);
  const sorter = new LineSorter(join(scratch, "later"));
  const sort: Take = ({ key, line }) => sorter.add(sortedLine(known(key), line));
  const close = async (): Promise<void> => {
    await sorter.close();
    await chain.close();
  };
  try {
    await chain.eachLater(sort);
    // A delta does not say in which order it has a whole namespace.
    const isSorted = listings[0]!.entry.change === undefined;
    if (!isSorted) await eachOf(chain.itemsOf(0), sort);
    const inOrder = async (take: (place: string, line: KeyedLine) => Promise<void>): Promise<void> => {
      let last: string | undefined;
      if (isSorted)
        await eachOf(chain.itemsOf(0), async (line) => {
          const order = known(line.key);
          if (last !== undefined && order <= last) throw new OrderUnknown(line.key);
          last = order;
          await take(order, line);
        });
    };
    return {
      behindCount: 0,
      each: (take) => merge(inOrder, sorter, reading, take),
      close,
    };
  } catch (error) {
    await close();
    throw error;
  }
}

/**
 * Leaves lines in their first order: a later line of a key replaces the earlier one in its place, and a new
 * line comes after all others.
 */
export async function mergeByPlace(
  listings: readonly ChainListing[],
  reading: ChainReading,
  scratch: string,
): Promise<MergedLines> {
  const chain = chainOf(listings, reading, scratch);
  const base = archivedItems(archivedLineReader(reading), listings[0]!);
  const changed = new LineSorter(join(scratch, "changed"));
  const replaced = new LineSorter(join(scratch, "replaced"));
  const placed = new LineSorter(join(scratch, "placed"));
  const close = async (): Promise<void> => {
    for (const one of [changed, replaced, placed, chain]) await one.close();
  };
  try {
    await chain.eachLater(({ key, line }) => changed.add(sortedLine(key, line)));
    const keys = await chain.keys();
    if (changed.count > 0)
      await eachPlaced(base, async (place, { key }) => {
        if (keys.isSuperseded(key, 0)) await replaced.add(sortedLine(key, place));
      });
    const behindCount = await findPlaces(changed, replaced, placed);
    const inOrder = (take: (place: string, line: KeyedLine) => Promise<void>): Promise<void> =>
      eachPlaced(base, async (place, line) => {
        if (!keys.isSuperseded(line.key, 0)) await take(place, line);
      });
    return { behindCount, each: (take) => merge(inOrder, placed, reading, take), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function chainOf(
  listings: readonly ChainListing[],
  reading: ChainReading,
  scratch: string,
): ChainItems<KeyedLine> {
  const reader = archivedLineReader(reading);
  return new ChainItems(
    listings.map((listing) => archivedItems(reader, listing)),
    join(scratch, "keys"),
  );
}

/**
 * Gives each changed line the place of the line that it replaces. Returns the number of lines that replace
 * none.
 */
async function findPlaces(changed: LineSorter, replaced: LineSorter, placed: LineSorter): Promise<number> {
  let behindCount = 0;
  const places = iteratorOf(await replaced.sorted());
  let place = await places.next();
  for await (const { key, line } of await changed.sorted()) {
    while (place.done !== true && Buffer.compare(place.value.key, key) < 0) place = await places.next();
    const replacedLine = place.done !== true && place.value.key.equals(key) ? place.value.line : undefined;
    if (replacedLine === undefined) behindCount++;
    const own = replacedLine ?? Buffer.concat([Buffer.from(BEHIND, "latin1"), key]);
    await placed.add({ key: own, mark: 0, line });
  }
  await places.return?.();
  return behindCount;
}

async function merge(
  inOrder: (take: (place: string, line: KeyedLine) => Promise<void>) => Promise<void>,
  sorter: LineSorter,
  { keyFields }: ChainReading,
  take: Take,
): Promise<void> {
  const later = iteratorOf(await sorter.sorted());
  const fields = new LineFields();
  try {
    let next = await later.next();
    const takeBefore = async (place?: string): Promise<void> => {
      const isBefore = ({ key }: SortedLine): boolean =>
        place === undefined || key.toString("latin1") < place;
      while (next.done !== true && isBefore(next.value)) {
        const line = next.value.line.toString("latin1");
        if (!line.startsWith(RAW_LINE_START)) fields.read(line, 0, line.length);
        await take({ key: keyLineOf({ line, fields }, keyFields)!, line });
        next = await later.next();
      }
    };
    await inOrder(async (place, line) => {
      if (next.done !== true) await takeBefore(place);
      await take(line);
    });
    await takeBefore();
  } finally {
    await later.return?.();
  }
}

async function eachOf(blocks: AsyncIterable<readonly KeyedLine[]>, take: Take): Promise<void> {
  for await (const lines of blocks) for (const line of lines) await take(line);
}

/** Passes on every line of a link with its place in it. */
async function eachPlaced(
  { reader, parts }: LinkItems<KeyedLine>,
  take: (place: string, line: KeyedLine) => Promise<void>,
): Promise<void> {
  const bytes = Buffer.alloc(8);
  let place = 0n;
  for (const placed of parts)
    await eachOf(reader.items(placed), async (line) => {
      bytes.writeBigUInt64BE(place++);
      await take(IN_PLACE + bytes.toString("latin1"), line);
    });
}

function sortedLine(key: string, line: string): SortedLine {
  return { key: Buffer.from(key, "latin1"), mark: 0, line: Buffer.from(line, "latin1") };
}

function iteratorOf(lines: Iterable<SortedLine> | AsyncIterable<SortedLine>): AsyncIterator<SortedLine> {
  return (async function* () {
    yield* lines;
  })();
}
