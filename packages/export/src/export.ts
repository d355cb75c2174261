import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  eachPart,
  readSourceManifest,
  type Account,
  type SourceManifest,
  type StepEvent,
} from "@firebreak/archive";
import { ProgressCounters, WorkerPool } from "@firebreak/workers";
import { completeArchive } from "./complete-archive.ts";
import { openDumpSource } from "./dump-source.ts";
import { exportFault } from "./export-faults.ts";
import { ExportProgress, PROGRESS_FILE, type ExportSettings, type FinishedRange } from "./export-progress.ts";
import type { ExportSource } from "./export-source.ts";
import { openMongodbSource } from "./mongodb-source.ts";
import { makeFolder } from "./plan-collection.ts";

/** What to read from: a server, or what mongodump wrote of one. */
export type SourceOptions =
  | { readonly kind: "mongodb"; readonly url: string }
  | { readonly kind: "dump"; readonly path: string };

export interface ExportOptions extends ExportSettings {
  readonly source: SourceOptions;
  readonly archive: string;
  readonly jobs: number;
  readonly version: string;
}

/**
 * Exports a source to an archive. Killed at any moment and run again with the
 * same settings it goes on; the archive is complete when it has its manifest.
 *
 * @throws {FirebreakError} of export, mongodb, mongodump or archive.
 */
export async function* exportArchive(options: ExportOptions): AsyncGenerator<StepEvent> {
  const source = await openSource(options);
  try {
    if (source.collections.length === 0)
      throw exportFault("export-nothing", {
        source: source.settings.source,
        place: source.place,
        include: options.include,
        exclude: options.exclude,
      });
    await makeFolder(options.archive);
    const progress = await ExportProgress.open(options.archive, {
      ...settingsOf(options),
      ...source.settings,
    });
    try {
      yield* source.notes;
      if (progress.isResumed) yield { kind: "note", code: "resumed", fields: { archive: options.archive } };
      if (!(await isComplete(options.archive))) {
        yield* writeParts(options, source, progress);
        await completeArchive(options, source, progress);
      }
    } finally {
      await progress.close();
    }
    await rm(join(options.archive, PROGRESS_FILE), { force: true });
    const { manifest } = await readSourceManifest(options.archive);
    yield { kind: "account", accounts: manifest.namespaces.map(accountOf) };
  } finally {
    await source.close();
  }
}

function openSource(options: ExportOptions): Promise<ExportSource> {
  switch (options.source.kind) {
    case "mongodb":
      return openMongodbSource(options.source.url, options);
    case "dump":
      return openDumpSource(options.source.path, options);
  }
}

async function* writeParts(
  options: ExportOptions,
  source: ExportSource,
  progress: ExportProgress,
): AsyncGenerator<StepEvent> {
  const counters = new ProgressCounters();
  const { file, data } = source.worker(counters.buffer);
  const pool = new WorkerPool<unknown, readonly FinishedRange[]>(file, options.jobs, data);
  let totalItems = 0;
  const tasks = source.tasks(progress, (documents) => (totalItems += documents));
  try {
    for await (const outcome of eachPart(tasks, options.jobs, (task) => pool.run(task))) {
      if (outcome.kind === "done")
        for (const range of outcome.result) await progress.add({ kind: "finished", range });
      const total = totalItems > 0 ? { totalItems } : {};
      yield { kind: "progress", stage: "export", items: counters.items, bytes: counters.bytes, ...total };
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
