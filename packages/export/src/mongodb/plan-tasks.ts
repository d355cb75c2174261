import { collectionFileText } from "@firebreak/archive";
import { documentsOfRange } from "@firebreak/items";
import {
  collectionSize,
  withRetry,
  planKeyRanges,
  type KeyRange,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { CollectionPlan, ExportProgress, PlannedRange, RangeSize } from "../export-progress.ts";
import type { TaskOptions } from "../export-source.ts";
import { planCollection } from "./plan-collection.ts";
import type { RangeTask } from "./write-range.ts";

/**
 * Yields the ranges that are left to read, collection after collection, as they are planned.
 *
 * @param expect is called with the number of documents that each collection is said to have.
 */
export async function* planTasks(
  { partMib, giveUpAfterMs, ...destination }: TaskOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  progress: ExportProgress,
  expect: (documents: number) => void,
): AsyncGenerator<RangeTask> {
  const plans = new Map<Namespace, CollectionPlan>();
  for (const ns of namespaces) {
    const { documentCount, averageBytes } = await withRetry({ giveUpAfterMs }, () =>
      collectionSize(source, ns),
    );
    const ranges = rangeSize(partMib, averageBytes);
    plans.set(
      ns,
      progress.plan(ns.namespace) ??
        (await planCollection(destination, ns, collectionFileText(ns), progress, ranges)),
    );
    expect(documentCount);
  }
  for (const [ns, plan] of plans) {
    if (ns.kind === "view") continue;
    const { rangeDocuments, averageBytes } = plan.ranges!;
    for await (const range of rangesOf(source, ns, rangeDocuments, giveUpAfterMs, progress)) {
      if (progress.finished(ns.namespace, range.index) !== undefined) continue;
      yield {
        archive: destination.archive,
        recipients: destination.encryption?.recipients ?? [],
        namespace: ns.namespace,
        database: ns.database,
        storedIn: ns.storedIn,
        after: progress.watermark,
        directory: plan.directory,
        range,
        averageBytes,
        giveUpAfterMs,
        partBytes: partMib * 1024 * 1024,
      };
    }
  }
}

/** Yields the ranges that an earlier run planned, then new ones from the end of that plan. */
async function* rangesOf(
  source: MongodbSource,
  ns: Namespace,
  rangeDocuments: number,
  giveUpAfterMs: number,
  progress: ExportProgress,
): AsyncGenerator<KeyRange> {
  const planned = progress.ranges(ns.namespace).filter(isKeyRange);
  yield* planned;
  const last = planned.at(-1);
  if (last !== undefined && last.max === undefined) return;
  for await (const range of planKeyRanges(source, ns, rangeDocuments, { giveUpAfterMs }, last)) {
    await progress.add({ kind: "planned", namespace: ns.namespace, range });
    yield range;
  }
}

function isKeyRange(range: PlannedRange): range is KeyRange {
  return "order" in range;
}

function rangeSize(partMib: number, averageBytes: number): RangeSize {
  return { rangeDocuments: documentsOfRange(partMib * 1024 * 1024, averageBytes), averageBytes };
}
