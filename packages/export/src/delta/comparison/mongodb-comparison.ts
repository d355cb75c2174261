import { eachPart, type SourceNamespace, type StepEvent } from "@firebreak/archive";
import { listNamespaces, majorityTime, withRetry, type MongodbSource } from "@firebreak/mongodb";
import { LocalStages, StagePool, type StageRunner } from "@firebreak/workers";
import { droppedNamespace } from "../changed-namespace.ts";
import { threadsFor } from "./chain-lines.ts";
import { compareCollectionRange } from "./collection-range.ts";
import type { CollectionStages } from "./collection-worker.ts";
import { compareCollection, type RangeComparer } from "./compare-collection.ts";
import type { DeltaContents, DeltaSource, DeltaTarget } from "../delta-source.ts";
import { YOUNG_MIB } from "../../parts/task-pool.ts";
import type { Note } from "../../export-notes.ts";

/** Opens a MongoDB server that is compared with a chain, collection by collection. It needs no log. */
export function openMongodbComparison(
  url: string,
  source: MongodbSource,
  notes: readonly Note[],
): DeltaSource {
  return {
    by: "comparison",
    place: source.server,
    server: `MongoDB ${source.version}`,
    notes,
    write: (target) => writeComparison(url, source, target),
    close: () => source.client.close(),
  };
}

async function* writeComparison(
  url: string,
  source: MongodbSource,
  target: DeltaTarget,
): AsyncGenerator<StepEvent, DeltaContents> {
  const { giveUpAfterMs, known } = target;
  // Documents are read after this time, so a change stream that begins there misses none of their changes.
  const watermark = await majorityTime(source);
  const databases = new Set([...known.values()].map(({ last }) => last.entry.database));
  const live = await withRetry({ giveUpAfterMs }, () => listNamespaces(source, target.filter, databases));
  const threads = threadsFor(target);
  const pool: StageRunner<CollectionStages> =
    threads === 1
      ? new LocalStages<CollectionStages>(
          { range: (range, progress) => compareCollectionRange(source, range, progress) },
          () => Promise.resolve(),
        )
      : new StagePool(new URL("./collection-worker.js", import.meta.url), threads, url, YOUNG_MIB);
  const { counters } = pool;
  const comparer: RangeComparer = { counters, compare: (range) => pool.run("range", range) };
  const collections = live.map((ns, index) => ({ ns, index, known: known.get(ns.namespace) }));
  const namespaces: SourceNamespace[] = [];
  try {
    for await (const outcome of eachPart(collections, 1, (one) =>
      compareCollection(source, one, target, comparer),
    )) {
      if (outcome.kind === "done" && outcome.result !== undefined) namespaces.push(outcome.result);
      yield { kind: "progress", stage: "export", items: counters.items, bytes: counters.bytes };
    }
  } finally {
    await pool.close();
  }
  const present = new Set(live.map((ns) => ns.namespace));
  for (const [namespace, { last }] of known)
    if (!present.has(namespace))
      namespaces.push(await droppedNamespace(target, last, live.length + namespaces.length));
  return { namespaces, consistency: "document", watermark };
}
