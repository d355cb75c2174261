import {
  collectionOrder,
  DOCUMENT_KEY,
  DocumentRanges,
  hasIdOrder,
  mergeByKey,
  mergeByPlace,
  OrderUnknown,
  writeMerged,
  type ChainListing,
  type ChainReading,
  type OrderOf,
  type PartsTarget,
  type RangePlan,
  type WrittenLines,
} from "@firebreak/items";
import { readCollectionFile, readTableFile, toByteText } from "@firebreak/archive";
import { boundColumns, rowOrder, RowRanges } from "@firebreak/mysql-format";
import type { ProgressCounters } from "@firebreak/workers";

/** The task of a worker thread for one namespace of a chain. */
export interface NamespaceTask extends PartsTarget {
  /** The links of the namespace, beginning with the one that has it whole. */
  readonly listings: readonly ChainListing[];
  /** The server that the last link came from. */
  readonly server: string | undefined;
  /** A folder for data that does not fit in memory. */
  readonly scratch: string;
  readonly identities: readonly string[] | undefined;
}

/** The key, the order and the ranges of a namespace's lines. */
interface Shape {
  readonly keyFields: readonly string[];
  readonly orderOf: OrderOf | undefined;
  readonly plan: () => RangePlan | undefined;
}

/**
 * Writes the lines that a namespace has at a chain's end, in the parts that an export would make of them. It
 * reads them twice, because all of them decide where ranges end.
 *
 * @throws {FirebreakError} a fault of archive.
 */
export async function compactNamespace(
  task: NamespaceTask,
  counters: Pick<ProgressCounters, "add">,
): Promise<WrittenLines> {
  const { keyFields, orderOf, plan } = await shapeOf(task);
  const { identities, listings, scratch } = task;
  const reading: ChainReading = {
    identities,
    keyFields,
    count: (lines, bytes) => counters.add(lines, bytes),
  };
  if (orderOf !== undefined)
    try {
      return await writeMerged(await mergeByKey(listings, reading, orderOf, scratch), task, plan());
    } catch (error) {
      if (!(error instanceof OrderUnknown)) throw error;
    }
  return writeMerged(await mergeByPlace(listings, reading, scratch), task, plan());
}

async function shapeOf({ listings, identities, server, partBytes }: NamespaceTask): Promise<Shape> {
  const { folder, entry } = listings.at(-1)!;
  if (entry.kind === "table") {
    const table = await readTableFile(folder, entry, identities);
    const bounds = boundColumns(table);
    return {
      keyFields: table.keyColumns.map(toByteText),
      orderOf: rowOrder(table),
      plan: () => (bounds.length === 0 ? undefined : new RowRanges(table, bounds, partBytes)),
    };
  }
  const unordered: Shape = { keyFields: DOCUMENT_KEY, orderOf: undefined, plan: () => undefined };
  // The definition of a MySQL view is no collection's.
  if (entry.kind === "view") return unordered;
  const texts = await readCollectionFile(folder, entry, identities);
  if (!hasIdOrder(entry.kind, texts, server)) return unordered;
  return {
    keyFields: DOCUMENT_KEY,
    orderOf: collectionOrder(texts),
    plan: () => new DocumentRanges(partBytes),
  };
}
