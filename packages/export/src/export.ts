import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  accountEvent,
  eachPart,
  exists,
  FolderLock,
  hasIdle,
  isWithheld,
  killPoint,
  listFolder,
  refuseIdle,
  type Account,
  type SourceNamespace,
} from "@firebreak/archive";
import { closeAtOneMoment, putInPlace } from "./closing/close-at-one-moment.ts";
import { completeArchive, exportedNamespaces } from "./complete-archive.ts";
import { DUMP_IDS_FOLDER } from "./dump/dump-ids.ts";
import { droppedMeanwhile, presentNamespaces } from "./dropped-meanwhile.ts";
import { exportFault } from "./export-faults.ts";
import { openProtection } from "./export-protection.ts";
import { ExportProgress, type FinishedRange } from "./export-progress.ts";
import type { ExportSettings } from "./export-settings.ts";
import type { ExportSource, TaskOptions } from "./export-source.ts";
import { makeFolder } from "./mongodb/plan-collection.ts";
import { repeatedIds, untoldJson } from "./read-notes.ts";
import { LOCK_FILE, PROGRESS_FILE, refuseTaken } from "./refuse-taken.ts";
import { noteUnread } from "./mysql/unread-tables.ts";
import { OPLOG_FOLDER } from "./dump/split-oplog.ts";
import { note, type ExportEvent } from "./export-notes.ts";
import type { ExportOptions } from "./export-options.ts";

/**
 * Exports a source to an archive. An export that was killed at any moment continues when it is run again with
 * the same settings. The archive is complete when it has its manifest.
 *
 * @throws {FirebreakError} of export, mongodb, mongodump, mysql or archive.
 */
export async function* exportArchive(options: ExportOptions): AsyncGenerator<ExportEvent> {
  await refuseTaken(options.archive);
  const source = await openSource(options);
  try {
    if (source.collections.length === 0 && source.hasObjects !== true && !hasWithheld(source))
      throw exportFault("export-nothing", {
        source: source.settings.source,
        place: source.place,
        include: options.include,
        exclude: options.exclude,
        leftOut: source.leftOut.flatMap(({ namespaces }) => namespaces),
      });
    await refuseIdleGlobs(source, options);
    await makeFolder(options.archive);
    const lock = await FolderLock.take(join(options.archive, LOCK_FILE));
    try {
      for await (const event of exportFrom(source, options)) {
        lock.assertHeld();
        yield event;
      }
    } finally {
      await lock.release();
    }
  } finally {
    await source.close();
  }
}

/** @throws {FirebreakError} `include-idle` */
async function refuseIdleGlobs(source: ExportSource, { archive, include }: ExportOptions): Promise<void> {
  const seen = source.collections.map((c) => c.namespace);
  // In a resumed run, a namespace that existed at the beginning may be gone.
  if (!hasIdle(include, seen) || (await exists(join(archive, PROGRESS_FILE)))) return;
  refuseIdle(include, await source.allNames(), source.place);
}

async function* exportFrom(source: ExportSource, options: ExportOptions): AsyncGenerator<ExportEvent> {
  const { archive, signingKey } = options;
  const progress = await ExportProgress.open(archive, { ...settingsOf(options), ...source.settings });
  try {
    yield* source.notes;
    for (const leftOut of source.leftOut)
      yield { kind: "note", code: "left-out", fields: { place: source.place, ...leftOut } };
    if (progress.isBegunAgain && source.changedNote !== undefined) yield source.changedNote;
    if (progress.isResumed) yield { kind: "note", code: "resumed", fields: { archive } };
    if (!(await isComplete(archive))) {
      // A resumed run keeps the first watermark: what was read then may have changed since.
      if (progress.plans.length === 0 && progress.watermark === undefined && source.watermark !== undefined)
        await progress.add({ kind: "watermark", time: source.watermark });
      const protection = await openProtection(options);
      const { encryption, extraFiles } = protection;
      const { partMib, giveUpAfterMs } = options;
      const target: TaskOptions = { archive, encryption, partMib, giveUpAfterMs };
      if (progress.closed === undefined) {
        yield* writeParts(target, source, options.jobs, progress);
        killPoint("ranges-read");
        yield* closeAtOneMoment(source, options, progress, protection);
      }
      if (progress.closed === undefined) {
        const present = await presentNamespaces(source, progress, options);
        const read = exportedNamespaces(progress).filter((n) => present.has(n.namespace));
        yield* source.lookAgain(read, options);
      } else await putInPlace(archive, progress.closed);
      for (const scratch of [DUMP_IDS_FOLDER, OPLOG_FOLDER])
        await rm(join(archive, scratch), { recursive: true, force: true });
      yield* repeatedIds(source, progress);
      yield* untoldJson(progress);
      await completeArchive(options, asRead(source, progress), progress, {
        encryption,
        extraFiles,
        signingKey,
      });
    }
    const dropped = await droppedMeanwhile(source, progress, options);
    yield* dropped.notes;
    const databases = [...(asRead(source, progress).notCarried ?? []), ...dropped.notCarried];
    yield accountEvent(exportedNamespaces(progress).map(accountOf), { databases });
  } finally {
    await progress.close();
  }
  await rm(join(archive, PROGRESS_FILE), { force: true });
}

/** Returns the source without the tables that could not be read to their end. */
function asRead(source: ExportSource, { unread }: ExportProgress): ExportSource {
  return unread.length === 0 ? source : { ...source, ...source.withUnread?.(unread) };
}

/** Returns true if something matches that the server did not show. */
function hasWithheld({ notCarried = [] }: ExportSource): boolean {
  return notCarried.some((d) => d.notCarried.some(isWithheld));
}

/** Loads only the driver that this source needs. */
async function openSource({ source, include, exclude, jobs }: ExportOptions): Promise<ExportSource> {
  switch (source.kind) {
    case "mongodb": {
      const { openMongodbSource } = await import("./mongodb/mongodb-source.ts");
      return openMongodbSource(source.url, { include, exclude });
    }
    case "dump": {
      const { openDumpSource } = await import("./dump/dump-source.ts");
      return openDumpSource(source, { include, exclude });
    }
    case "mysql": {
      const { openMysqlSource } = await import("./mysql/mysql-source.ts");
      return openMysqlSource(source.url, { include, exclude }, jobs);
    }
  }
}

async function* writeParts(
  options: TaskOptions,
  source: ExportSource,
  jobs: number,
  progress: ExportProgress,
): AsyncGenerator<ExportEvent> {
  const pool = source.pool(jobs);
  const { counters } = pool;
  // In a resumed run, the total includes what was read before.
  const before = exportedNamespaces(progress).reduce((sum, n) => sum + n.documentCount, 0);
  // If the server cannot read one table, the others are still read.
  const run = (task: unknown): Promise<readonly FinishedRange[]> =>
    pool.run(task).catch(async (error: unknown) => {
      await noteUnread(progress, error);
      return [];
    });
  let totalItems = 0;
  let isWaiting = false;
  const tasks = source.tasks(options, progress, (documents) => (totalItems += documents));
  try {
    for await (const outcome of eachPart(tasks, jobs, run)) {
      if (isWaiting !== counters.waiting > 0) {
        isWaiting = !isWaiting;
        const { place } = source;
        yield isWaiting
          ? note("source-waiting", { place, minutes: options.giveUpAfterMs / 60_000 })
          : note("source-back", { place });
      }
      if (outcome.kind === "done")
        for (const range of outcome.result) await progress.add({ kind: "finished", range });
      const total = totalItems > 0 ? { totalItems, totalIs: "estimate" as const } : {};
      const items = before + counters.items;
      yield { kind: "progress", stage: "export", items, bytes: counters.bytes, ...total };
    }
  } finally {
    await pool.close();
  }
}

function accountOf(ns: SourceNamespace): Account {
  return { namespace: ns.namespace, documents: ns.documentCount, lines: ns.lineCount };
}

function settingsOf(options: ExportOptions): ExportSettings {
  const { include, exclude, partMib, recipients, hasPassphrase, hasClearNames } = options;
  return { include, exclude, partMib, recipients, hasPassphrase, hasClearNames };
}

async function isComplete(archive: string): Promise<boolean> {
  return listFolder(archive, "firebreak-archive").then(
    () => true,
    () => false,
  );
}
