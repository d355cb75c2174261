import { createHash } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  diskFault,
  eachPart,
  listFiles,
  readSourceManifest,
  safeName,
  writeDurably,
  writeManifest,
  type Account,
  type FileEntry,
  type SourceManifest,
  type StepEvent,
} from "@firebreak/archive";
import {
  collectionSize,
  connectMongodb,
  listNamespaces,
  planKeyRanges,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { exportFault } from "./export-faults.ts";
import {
  ExportProgress,
  PROGRESS_FILE,
  type CollectionPlan,
  type ExportSettings,
  type FinishedRange,
} from "./export-progress.ts";
import type { RangeWorkerData } from "./range-worker.ts";
import type { RangeTask } from "./write-range.ts";

/** How many bytes of text a byte of BSON makes, about: only the size of parts hangs on it. */
const TEXT_PER_BSON = 1.6;

export interface ExportOptions extends ExportSettings {
  readonly url: string;
  readonly archive: string;
  readonly jobs: number;
  readonly version: string;
}

/**
 * Exports a MongoDB to an archive. Killed at any moment and run again with the
 * same settings it goes on; the archive is complete when it has its manifest.
 *
 * @throws {FirebreakError} of export, mongodb or archive.
 */
export async function* exportArchive(options: ExportOptions): AsyncGenerator<StepEvent> {
  const source = await connectMongodb(options.url);
  try {
    const namespaces = await listNamespaces(source, options);
    if (namespaces.length === 0)
      throw exportFault("export-nothing", {
        server: source.server,
        include: options.include,
        exclude: options.exclude,
      });
    await makeFolder(options.archive);
    const progress = await ExportProgress.open(options.archive, settingsOf(options));
    try {
      if (progress.isResumed) yield { kind: "note", code: "resumed", fields: { archive: options.archive } };
      if (!(await isComplete(options.archive))) {
        yield* writeParts(options, source, namespaces, progress);
        await complete(options, source, namespaces, progress);
      }
    } finally {
      await progress.close();
    }
    await rm(join(options.archive, PROGRESS_FILE), { force: true });
    const { manifest } = await readSourceManifest(options.archive);
    yield { kind: "account", accounts: manifest.namespaces.map(accountOf) };
  } finally {
    await source.client.close();
  }
}

async function* writeParts(
  options: ExportOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  progress: ExportProgress,
): AsyncGenerator<StepEvent> {
  const counters = new ProgressCounters();
  const workerData: RangeWorkerData = { url: options.url, counters: counters.buffer };
  const pool = new WorkerPool<RangeTask, FinishedRange>(
    new URL("./range-worker.js", import.meta.url),
    options.jobs,
    workerData,
  );
  let totalItems = 0;
  const plan = planTasks(options, source, namespaces, progress, (documents) => (totalItems += documents));
  try {
    for await (const outcome of eachPart(plan, options.jobs, (task) => pool.run(task))) {
      if (outcome.kind === "done") await progress.add({ kind: "finished", range: outcome.result });
      yield { kind: "progress", stage: "export", items: counters.items, bytes: counters.bytes, totalItems };
    }
  } finally {
    await pool.close();
  }
}

/** The ranges that are still to be read, collection after collection, as they are planned. */
async function* planTasks(
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
): AsyncGenerator<KeyRangeOf> {
  const planned = [...progress.ranges(ns.namespace)];
  yield* planned;
  const last = planned.at(-1);
  if (last !== undefined && last.max === undefined) return;
  for await (const range of planKeyRanges(source, ns, plan.rangeDocuments, last)) {
    await progress.add({ kind: "planned", namespace: ns.namespace, range });
    yield range;
  }
}

type KeyRangeOf = RangeTask["range"];

async function planCollection(
  options: ExportOptions,
  ns: Namespace,
  averageBytes: number,
  progress: ExportProgress,
): Promise<CollectionPlan> {
  const directory = `source/${safe(ns.database)}/${safe(ns.collection)}`;
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

async function complete(
  options: ExportOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  progress: ExportProgress,
): Promise<void> {
  const manifest: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mongodb" },
    consistency: "document",
    settings: { include: [...options.include], exclude: [...options.exclude], partMib: options.partMib },
    namespaces: namespaces.map((ns) => {
      const plan = progress.plan(ns.namespace)!;
      const finished = progress.allFinished(ns.namespace);
      const parts = finished.flatMap((r) => r.parts);
      return {
        namespace: ns.namespace,
        database: ns.database,
        collection: ns.collection,
        kind: ns.kind,
        directory: plan.directory,
        documentCount: finished.reduce((sum, r) => sum + r.documentCount, 0),
        lineCount: parts.reduce((sum, p) => sum + p.lineCount, 0),
        metadata: plan.metadata,
        parts,
      };
    }),
    run: {
      startedAt: progress.startedAt,
      finishedAt: new Date().toISOString(),
      host: hostname(),
      firebreak: options.version,
      node: process.version,
      server: `MongoDB ${source.version}`,
    },
  };
  await removeLeftovers(options.archive, manifest);
  await writeManifest(options.archive, manifest);
}

/** Parts of a run that was cut off before it could log them, where this run cut the range differently. */
async function removeLeftovers(archive: string, manifest: SourceManifest): Promise<void> {
  const known = new Set(manifest.namespaces.flatMap((n) => [n.metadata.file, ...n.parts.map((p) => p.file)]));
  for (const file of await listFiles(archive))
    if (file.startsWith("source/") && !known.has(file)) await rm(join(archive, file));
}

function accountOf(ns: SourceManifest["namespaces"][number]): Account {
  return { namespace: ns.namespace, documents: ns.documentCount, lines: ns.lineCount };
}

function settingsOf({ include, exclude, partMib }: ExportSettings): ExportSettings {
  return { include, exclude, partMib };
}

async function isComplete(archive: string): Promise<boolean> {
  return readSourceManifest(archive).then(
    () => true,
    () => false,
  );
}

async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}

function safe(name: string): string {
  return safeName(name, sha256Of);
}

function sha256Of(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
