import { collectAfter } from "@firebreak/archive";
import type { KeyRange, MongodbSource, Namespace } from "@firebreak/mongodb";
import type { PlacedPart, SealedLines } from "@firebreak/items";
import type { ProgressCounters } from "@firebreak/workers";
import { ChangeSorter } from "../change-sorter.ts";
import { dueOf, type TtlIndex } from "../stream/ttl-indexes.ts";
import { CollectionReader, type ReaderTarget } from "./collection-reader.ts";
import { BaseLines } from "./compare-lines.ts";
import { DOCUMENT_LINES, LaterLines, type SharedLines } from "./later-lines.ts";

/** One range of a collection to compare with the parts of a chain, as it goes to a worker thread. */
export interface CollectionRange {
  readonly ns: Namespace;
  readonly target: ReaderTarget;
  readonly range: KeyRange;
  readonly parts: readonly PlacedPart[];
  readonly later: SharedLines;
  readonly identities: readonly string[] | undefined;
  readonly indexes: readonly TtlIndex[];
  /** The time at which documents are expired. */
  readonly nowSeconds: number;
  /** A folder for this task alone, for changes that do not fit in memory. */
  readonly scratch: string;
  readonly runBytes: number;
}

/**
 * Returns the changes of a range.
 *
 * @throws {FirebreakError} of mongodb or archive.
 */
export async function compareCollectionRange(
  source: MongodbSource,
  task: CollectionRange,
  counters: Pick<ProgressCounters, "add" | "wait">,
): Promise<SealedLines> {
  const { ns, target, range, parts, identities, indexes, nowSeconds } = task;
  const reader = await CollectionReader.open(source, ns, target, counters);
  const later = new LaterLines(task.later, DOCUMENT_LINES, { identities });
  const writer = new ChangeSorter(task.scratch, task.runBytes);
  try {
    const base = await BaseLines.read(later, parts);
    await base.compare(reader.lines(range), {
      writer,
      isExpired: (read) => dueOf(read, indexes) <= nowSeconds,
    });
    return await writer.seal();
  } catch (error) {
    await writer.close();
    throw error;
  } finally {
    await later.close();
    collectAfter(parts.map(({ part }) => part));
  }
}
