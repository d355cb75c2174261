import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { diskFault, safeName, sha256Of, writeDurably, type FileEntry } from "@firebreak/archive";
import {
  collectionSize,
  planKeyRanges,
  type KeyRange,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { ExportOptions } from "./export.ts";
import type { CollectionPlan, ExportProgress } from "./export-progress.ts";
import type { RangeTask } from "./write-range.ts";

/** How many bytes of text a byte of BSON makes, about: only the size of parts hangs on it. */
const TEXT_PER_BSON = 1.6;

/**
 * The ranges that are still to be read, collection after collection, as they are planned.
 *
 * @param expect is told of the documents that each collection is said to have.
 */
export async function* planTasks(
  options: ExportOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  progress: ExportProgress,
  expect: (documents: number) => void,
): AsyncGenerator<RangeTask> {
  const plans = new Map<Namespace, CollectionPlan>();
  for (const ns of namespaces) {
    const size = await collectionSize(source, ns);
    plans.set(
      ns,
      progress.plan(ns.namespace) ?? (await planCollection(options, ns, size.averageBytes, progress)),
    );
    expect(size.documentCount);
  }
  for (const [ns, plan] of plans) {
    if (ns.kind === "view") continue;
    for await (const range of rangesOf(source, ns, plan, progress)) {
      if (progress.finished(ns.namespace, range.index) !== undefined) continue;
      yield {
        archive: options.archive,
        namespace: ns.namespace,
        database: ns.database,
        collection: ns.collection,
        directory: plan.directory,
        range,
        averageBytes: plan.averageBytes,
        partBytes: options.partMib * 1024 * 1024,
      };
    }
  }
}

/** First the ranges that an earlier run planned, then new ones from where its plan ended. */
async function* rangesOf(
  source: MongodbSource,
  ns: Namespace,
  plan: CollectionPlan,
  progress: ExportProgress,
): AsyncGenerator<KeyRange> {
  const planned = [...progress.ranges(ns.namespace)];
  yield* planned;
  const last = planned.at(-1);
  if (last !== undefined && last.max === undefined) return;
  for await (const range of planKeyRanges(source, ns, plan.rangeDocuments, last)) {
    await progress.add({ kind: "planned", namespace: ns.namespace, range });
    yield range;
  }
}

async function planCollection(
  options: ExportOptions,
  ns: Namespace,
  averageBytes: number,
  progress: ExportProgress,
): Promise<CollectionPlan> {
  const directory = `source/${safeName(ns.database)}/${safeName(ns.collection)}`;
  await makeFolder(join(options.archive, directory));
  const rangeDocuments = Math.max(
    1,
    Math.floor((options.partMib * 1024 * 1024) / (averageBytes * TEXT_PER_BSON)),
  );
  const plan = {
    namespace: ns.namespace,
    directory,
    rangeDocuments,
    averageBytes,
    metadata: await writeMetadata(options.archive, directory, ns),
  };
  await progress.add({ kind: "collection", plan });
  return plan;
}

async function writeMetadata(archive: string, directory: string, ns: Namespace): Promise<FileEntry> {
  const head = JSON.stringify({ namespace: ns.namespace, kind: ns.kind }).slice(0, -1);
  const content = `${head},\n"options":${ns.optionsText},\n"indexes":[${ns.indexTexts.map((t) => `\n${t}`).join(",")}]}\n`;
  const file = `${directory}/collection.json`;
  await writeDurably(join(archive, file), content);
  return { file, bytes: Buffer.byteLength(content), sha256: sha256Of(content) };
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}
