import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  eachPart,
  readSourceManifest,
  type Account,
  type SourceManifest,
  type StepEvent,
} from "@firebreak/archive";
import { connectMongodb, listNamespaces, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { completeArchive } from "./complete-archive.ts";
import { exportFault } from "./export-faults.ts";
import { ExportProgress, PROGRESS_FILE, type ExportSettings, type FinishedRange } from "./export-progress.ts";
import { makeFolder, planTasks } from "./plan-tasks.ts";
import type { RangeWorkerData } from "./range-worker.ts";
import type { RangeTask } from "./write-range.ts";

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
        await completeArchive(options, source, namespaces, progress);
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
