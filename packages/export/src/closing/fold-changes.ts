import { basename } from "node:path";
import {
  archivedLineReader,
  archivedItems,
  collectionOrder,
  DOCUMENT_KEY,
  documentOrder,
  mergeByKey,
  mergeByPlace,
  OrderUnknown,
  writeMerged,
  type ChainListing,
  type ChainReading,
  type OrderOf,
  type RangePlan,
} from "@firebreak/items";
import { RAW_LINE_START, readCollectionFile, type PartEntry } from "@firebreak/archive";
import type { KeyRange } from "@firebreak/mongodb";
import type { ExportProgress, FinishedRange } from "../export-progress.ts";

/** A collection as it was read, its changes since then, and the destination of the result. */
export interface Folding {
  readonly read: ChainListing;
  readonly changed: ChainListing;
  readonly progress: ExportProgress;
  /** The folder for parts; each gets the directory that it has in the archive. */
  readonly out: string;
  readonly scratch: string;
  readonly recipients: readonly string[];
  readonly identities: readonly string[] | undefined;
  readonly partBytes: number;
  readonly count: ChainReading["count"];
}

/** The parts of a collection after its changes are merged, and the new ones among them. */
export interface FoldedParts {
  readonly parts: readonly PartEntry[];
  readonly fresh: readonly PartEntry[];
}

/**
 * Merges the changes into the parts of a collection. It rewrites the parts of the key ranges that a change
 * touches, with the same borders. If the order of keys is unknown, it rewrites all parts: each document stays
 * in its place, and new ones come last.
 *
 * @throws {FirebreakError} of archive.
 */
export async function foldChanges(folding: Folding): Promise<FoldedParts> {
  const { read, progress, identities } = folding;
  const reading: ChainReading = { identities, keyFields: DOCUMENT_KEY, count: folding.count };
  const ranges = progress.ranges(read.entry.namespace).filter((r): r is KeyRange => "order" in r);
  if (ranges[0]?.order === "_id")
    try {
      const order = collectionOrder(await readCollectionFile(read.folder, read.entry, identities));
      return await foldByKey(folding, reading, order, ranges);
    } catch (error) {
      if (!(error instanceof OrderUnknown)) throw error;
    }
  const merged = await mergeByPlace([read, folding.changed], reading, folding.scratch);
  const { parts } = await writeMerged(merged, targetOf(folding), undefined);
  return { parts, fresh: parts };
}

async function foldByKey(
  folding: Folding,
  reading: ChainReading,
  orderOf: OrderOf,
  ranges: readonly KeyRange[],
): Promise<FoldedParts> {
  const { read, changed, progress } = folding;
  const starts = ranges.map(({ min }) => (min === undefined ? "" : startOf(min)));
  const touched = await touchedRanges(changed, reading, orderOf, starts);
  const finished = progress.allFinished(read.entry.namespace);
  const rest = finished.filter(({ index }) => touched.has(index)).flatMap(({ parts }) => parts);
  const base = { ...read, entry: { ...read.entry, parts: rest } };
  const merged = await mergeByKey([base, changed], reading, orderOf, folding.scratch);
  const { parts } = await writeMerged(merged, targetOf(folding), cutAt(starts, orderOf));
  const fresh = Map.groupBy(parts, rangeNumber);
  const partsOf = ({ index, parts: old }: FinishedRange): readonly PartEntry[] =>
    touched.has(index) ? (fresh.get(index) ?? []) : old;
  return { parts: finished.flatMap(partsOf), fresh: parts };
}

function targetOf({ out, read, recipients, partBytes }: Folding): Parameters<typeof writeMerged>[1] {
  return { out, directory: read.entry.directory, recipients, partBytes };
}

/** @throws {OrderUnknown} */
async function touchedRanges(
  changed: ChainListing,
  reading: ChainReading,
  orderOf: OrderOf,
  starts: readonly string[],
): Promise<Set<number>> {
  const touched = new Set<number>();
  const { reader, keys } = archivedItems(archivedLineReader(reading), changed);
  for (const placed of keys)
    for await (const block of reader.keys(placed))
      for (const key of block) {
        const order = orderOf(key);
        if (order === undefined) throw new OrderUnknown(key);
        touched.add(rangeOf(starts, order));
      }
  return touched;
}

/** Returns the last range that begins at or before a key. */
function rangeOf(starts: readonly string[], order: string): number {
  let low = 0;
  let high = starts.length;
  while (high - low > 1) {
    const middle = (low + high) >>> 1;
    if (starts[middle]! <= order) low = middle;
    else high = middle;
  }
  return low;
}

function cutAt(starts: readonly string[], orderOf: OrderOf): RangePlan {
  return { cut: () => ({ rangeOf: (keyLine) => rangeOf(starts, orderOf(keyLine)!) }) };
}

/** @param min a border: `{_id: …}` in base64. */
function startOf(min: string): string {
  return documentOrder(`${RAW_LINE_START}${min}"}}`);
}

/** Returns the number of the range that a part is named after. */
function rangeNumber({ file }: PartEntry): number {
  return Number.parseInt(basename(file), 10);
}
