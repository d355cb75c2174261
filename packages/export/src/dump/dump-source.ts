import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { collectionFileText, type NamespaceFilter } from "@firebreak/archive";
import { openDump, type Dump } from "@firebreak/mongodump";
import type { DumpWorkerData } from "./dump-worker.ts";
import type { ExportProgress } from "../export-progress.ts";
import type { ExportSource, TaskOptions } from "../export-source.ts";
import { planCollection } from "../mongodb/plan-collection.ts";
import { readOplog, splitOplog, type OplogFacts } from "./split-oplog.ts";
import { taskPool } from "../parts/task-pool.ts";
import type { DumpTask } from "./write-dump.ts";

export interface DumpOptions {
  readonly path: string;
  /** True if documents are to stay as mongodump met them, although the dump has an oplog. */
  readonly skipsOplog: boolean;
}

/**
 * Opens the output of mongodump as a source. No server is needed.
 *
 * @throws {FirebreakError} of mongodump.
 */
export async function openDumpSource(
  { path, skipsOplog }: DumpOptions,
  filter: NamespaceFilter,
): Promise<ExportSource<DumpTask>> {
  const dump = await openDump(path, filter);
  const oplog = skipsOplog ? undefined : await readOplog(dump, filter);
  return {
    settings: {
      source: "dump",
      dump: path,
      state: await dumpState(path),
      ...(skipsOplog ? { skipsOplog } : {}),
    },
    place: path,
    server: dump.serverVersion === undefined ? undefined : `MongoDB ${dump.serverVersion}`,
    collections: dump.collections,
    allNames: async () =>
      (await openDump(path, { include: [], exclude: [] })).collections.map((c) => c.namespace),
    leftOut: dump.leftOut,
    notes: [
      ...dump.remarks.map((remark) => ({ kind: "note" as const, ...remark })),
      ...oplogNotes(dump, oplog),
    ],
    databases: [],
    consistency: oplog === undefined ? "document" : "snapshot",
    watermark: oplog?.until,
    changes: undefined,
    position: undefined,
    changedNote: { kind: "note", code: "dump-changed", fields: { dump: path } },
    pool: (jobs) =>
      taskPool(
        new URL("./dump-worker.js", import.meta.url),
        jobs,
        (counters) => ({ path, filter, counters }) satisfies DumpWorkerData,
      ),
    tasks: (options, progress) =>
      planDumpTasks(options, dump, progress, oplog === undefined ? undefined : filter),
    lookAgain: () => [],
    close: async () => undefined,
  };
}

/** Returns the notes on the changes that were made while the dump was taken. */
function oplogNotes({ oplog }: Dump, applied: OplogFacts | undefined): ExportSource["notes"] {
  if (oplog === undefined) return [];
  return applied === undefined
    ? [{ kind: "note", code: "oplog-skipped", fields: { path: oplog.path } }]
    : [{ kind: "note", code: "oplog-applied", fields: { ...applied } }];
}

/** Returns the number of files, their total size and the last write, which differ for another dump. */
async function dumpState(path: string): Promise<string> {
  const isFolder = (await stat(path)).isDirectory();
  const names = isFolder ? await readdir(path, { recursive: true }) : [""];
  const files = (await Promise.all(names.map((name) => stat(join(path, name))))).filter((f) => f.isFile());
  const bytes = files.reduce((sum, f) => sum + f.size, 0);
  const newest = files.reduce((latest, f) => Math.max(latest, f.mtimeMs), 0);
  return `${files.length} files, ${bytes} bytes, the last of ${new Date(newest).toISOString()}`;
}

/**
 * Plans one task for each collection of a folder, and one task for all that is left of an archive file. A run
 * that was cut off keeps whole collections only: a part does not say where in the dump it ends. An archive
 * file must be read again anyway as long as one collection is missing.
 *
 * @param appliedTo the namespaces that the oplog is applied to; undefined if it is not applied.
 */
async function* planDumpTasks(
  { partMib, archive, encryption }: TaskOptions,
  dump: Dump,
  progress: ExportProgress,
  appliedTo: NamespaceFilter | undefined,
): AsyncGenerator<DumpTask> {
  const directories = new Map<string, string>();
  for (const collection of dump.collections) {
    const { namespace, kind } = collection;
    const plan =
      progress.plan(namespace) ??
      (await planCollection({ archive, encryption }, collection, collectionFileText(collection), progress));
    if (kind !== "view" && progress.finished(namespace, 0) === undefined)
      directories.set(namespace, plan.directory);
  }
  const changes =
    appliedTo === undefined || directories.size === 0
      ? undefined
      : await splitOplog(dump, appliedTo, archive);
  for (const group of dump.readingGroups([...directories.keys()]))
    yield {
      archive,
      recipients: encryption?.recipients ?? [],
      collections: group.map((namespace) => ({
        namespace,
        directory: directories.get(namespace)!,
        changes: changes?.get(namespace),
      })),
      partBytes: partMib * 1024 * 1024,
    };
}
