import {
  DOCUMENT_KEY,
  documentOrder,
  hasStrings,
  readCollectionFile,
  readTableFile,
  rowOrder,
  textFields,
  toByteText,
  type ChainListing,
  type PartEntry,
} from "@firebreak/archive";
import type { ProgressCounters } from "@firebreak/workers";
import { ONE_RANGE, type RangePlan } from "./cut-ranges.ts";
import { DocumentRanges, hasIdOrder } from "./document-ranges.ts";
import type { ChainReading } from "./later-lines.ts";
import { mergeByKey, mergeByPlace, OrderUnknown, type MergedLines, type OrderOf } from "./merged-lines.ts";
import { RangeParts, type PartsTarget } from "./range-parts.ts";
import { boundColumns, RowRanges } from "./row-ranges.ts";

/** One namespace of a chain, as it goes to a worker thread. */
export interface NamespaceTask extends PartsTarget {
  /** From the link that has it whole on. */
  readonly listings: readonly ChainListing[];
  /** The server that the last link is of. */
  readonly server: string | undefined;
  /** A folder for what does not fit in memory. */
  readonly scratch: string;
  readonly identities: readonly string[] | undefined;
}

/** What became of it. */
export interface CompactedNamespace {
  readonly parts: readonly PartEntry[];
  readonly lineCount: number;
  /** New lines that stand behind the others, for the server's order of their keys is not known. */
  readonly behindCount: number;
}

/** How the lines of a namespace are told apart, ordered and cut into ranges. */
interface Shape {
  readonly keyFields: readonly string[];
  readonly orderOf: OrderOf | undefined;
  readonly plan: () => RangePlan;
}

/**
 * Writes the lines that a namespace has at a chain's end, in the parts that an
 * export would make of them. They are read twice: where ranges end hangs on all of them.
 *
 * @throws {FirebreakError} of archive.
 */
export async function compactNamespace(
  task: NamespaceTask,
  counters: Pick<ProgressCounters, "add">,
): Promise<CompactedNamespace> {
  const { keyFields, orderOf, plan } = await shapeOf(task);
  const { identities, listings, scratch } = task;
  const reading: ChainReading = {
    identities,
    keyFields,
    count: (lines, bytes) => counters.add(lines, bytes),
  };
  if (orderOf !== undefined)
    try {
      return await write(task, await mergeByKey(listings, reading, orderOf, scratch), plan());
    } catch (error) {
      if (!(error instanceof OrderUnknown)) throw error;
    }
  return write(task, await mergeByPlace(listings, reading, scratch), plan());
}

async function write(task: NamespaceTask, lines: MergedLines, plan: RangePlan): Promise<CompactedNamespace> {
  try {
    if (plan !== ONE_RANGE) await lines.each(({ line }) => plan.look(line));
    const cut = plan.cut();
    const parts = new RangeParts(task, cut.firstRange);
    try {
      let lineCount = 0;
      await lines.each(async ({ keyLine, line }) => {
        if (lineCount > 0 && cut.isBorder(keyLine)) await parts.startRange();
        await parts.write(line);
        lineCount++;
      });
      return { parts: await parts.finish(), lineCount, behindCount: lines.behindCount };
    } catch (error) {
      await parts.abandon();
      throw error;
    }
  } finally {
    await lines.close();
  }
}

async function shapeOf({ listings, identities, server, partBytes }: NamespaceTask): Promise<Shape> {
  const { folder, entry } = listings.at(-1)!;
  if (entry.kind === "table") {
    const table = await readTableFile(folder, entry, identities);
    const bounds = boundColumns(table);
    return {
      keyFields: table.keyColumns.map(toByteText),
      orderOf: rowOrder(table),
      plan: () => (bounds.length === 0 ? ONE_RANGE : new RowRanges(table, bounds, partBytes)),
    };
  }
  const texts = await readCollectionFile(folder, entry, identities);
  if (!hasIdOrder(entry.kind, texts, server))
    return { keyFields: DOCUMENT_KEY, orderOf: undefined, plan: () => ONE_RANGE };
  const hasCollation = textFields(texts.optionsText).has("collation");
  return {
    keyFields: DOCUMENT_KEY,
    orderOf: (keyLine) => (hasCollation && hasStrings(keyLine) ? undefined : documentOrder(keyLine)),
    plan: () => new DocumentRanges(partBytes),
  };
}
