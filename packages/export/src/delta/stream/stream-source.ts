import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  collectionFileText,
  isSystemDatabase,
  readCollectionFile,
  type SourceNamespace,
} from "@firebreak/archive";
import {
  appliedTime,
  compareTimes,
  hasSnapshots,
  isSnapshotGone,
  majorityTime,
  type ClusterTime,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import { exportFault } from "../../export-faults.ts";
import { namesAdminNotes } from "../../mongodb/names-admin.ts";
import type { ExportEvent } from "../../export-notes.ts";
import type { WrittenChanges } from "../change-writer.ts";
import { ChangeLog, type ChangesRead } from "./change-log.ts";
import { writeDefinition } from "../delta-folder.ts";
import { compareCollectionRange } from "../comparison/collection-range.ts";
import { compareCollection } from "../comparison/compare-collection.ts";
import type { DeltaContents, DeltaSource, DeltaTarget } from "../delta-source.ts";
import { isCappedSince, isGoneSince } from "./later-changes.ts";
import { settle, type SettledMoment } from "./settle.ts";
import { planStreamDelta, unseen, type StreamTask } from "./stream-plan.ts";
import { writeChanged, type StreamReading } from "./write-changed.ts";
import { isSameContent, writeWhole } from "./write-whole.ts";

/** The number of attempts. The last one accepts documents of several moments. */
const MAX_ATTEMPTS = 4;

/**
 * Opens a replica set whose change stream shows what happened since a chain's watermark. Documents are read
 * as of the moment up to which the stream was read, so the delta is of exactly that moment.
 *
 * @throws {FirebreakError} `delta-source-behind` if the server has not reached the chain's watermark.
 */
export async function openStreamSource(source: MongodbSource, since: ClusterTime): Promise<DeltaSource> {
  const now = await majorityTime(source);
  if (now === undefined || compareTimes(now, since) < 0)
    throw exportFault("delta-source-behind", { server: source.server, since, now: now ?? "none" });
  return {
    by: "change-stream",
    place: source.server,
    server: `MongoDB ${source.version}`,
    notes: namesAdminNotes(source),
    write: (target) => writeDelta(source, since, target),
    close: () => source.client.close(),
  };
}

async function* writeDelta(
  source: MongodbSource,
  since: ClusterTime,
  target: DeltaTarget,
): AsyncGenerator<ExportEvent, DeltaContents> {
  const databases = new Set([...target.known.values()].map(({ last }) => last.entry.database));
  const log = new ChangeLog(source, {
    since,
    folder: join(target.scratch, "touched"),
    filter: target.filter,
    databases: [...databases].filter((database) => !isSystemDatabase(database)),
    retry: { giveUpAfterMs: target.giveUpAfterMs },
  });
  try {
    for (let attempt = 1; ; attempt++) {
      const isLast = attempt === MAX_ATTEMPTS || !hasSnapshots(source);
      const moment = yield* shown(settle(source, log, target.filter, databases));
      const isSnapshot = moment.isExact && !isLast;
      const written = yield* writeAttempt(source, log, target, moment, isSnapshot);
      if (written !== undefined) {
        yield* shown(log.readTo(await appliedTime(source)));
        const isGone = isGoneSince(log, moment, written.tasks);
        if (isLast || (isSnapshot && !isGone)) {
          const isExact = isSnapshot && !isGone && !isCappedSince(log, moment, written.tasks);
          if (!isExact)
            yield { kind: "note", code: "delta-not-one-moment", fields: { server: source.server } };
          const consistency = isExact ? "snapshot" : "document";
          return { namespaces: written.namespaces, consistency, watermark: moment.time };
        }
      }
      for (const folder of ["source", "databases"])
        await rm(join(target.archive, folder), { recursive: true, force: true });
    }
  } finally {
    await log.close();
  }
}

/**
 * Writes everything that changed up to a moment.
 *
 * @returns undefined if the server can no longer show that moment.
 */
async function* writeAttempt(
  source: MongodbSource,
  log: ChangeLog,
  target: DeltaTarget,
  { time, listed }: SettledMoment,
  isSnapshot: boolean,
): AsyncGenerator<ExportEvent, { tasks: StreamTask[]; namespaces: SourceNamespace[] } | undefined> {
  const redefined = await redefinedOf(listed, target);
  const facts = {
    known: target.known,
    listed,
    isReplaced: (database: string, namespace: string) => log.isReplaced(database, namespace),
    isTouched: (namespace: string) => log.touched(namespace) !== undefined,
    isRedefined: (namespace: string) => redefined.has(namespace),
  };
  const lost = unseen(facts);
  if (lost.length > 0) throw exportFault("delta-unseen", { server: source.server, namespaces: lost });
  const tasks = planStreamDelta(facts);
  const counted = { documents: 0, bytes: 0 };
  const reading: StreamReading = {
    source,
    moment: isSnapshot ? { at: time } : { after: time },
    time,
    retry: { giveUpAfterMs: target.giveUpAfterMs },
    count: (documents, bytes) => {
      counted.documents += documents;
      counted.bytes += bytes;
    },
  };
  const namespaces: SourceNamespace[] = [];
  try {
    for (const [i, task] of tasks.entries()) {
      const entry = await carryOut(task, reading, log, target, i);
      if (entry !== undefined) namespaces.push(entry);
      yield { kind: "progress", stage: "export", items: counted.documents, bytes: counted.bytes };
    }
  } catch (error) {
    if (isSnapshot && isSnapshotGone(error)) return undefined;
    throw error;
  }
  return { tasks, namespaces };
}

/** @returns undefined if nothing changed after all. */
async function carryOut(
  task: StreamTask,
  reading: StreamReading,
  log: ChangeLog,
  target: DeltaTarget,
  index: number,
): Promise<SourceNamespace | undefined> {
  if (task.kind === "dropped") {
    const { folder, entry } = task.known.last;
    const texts = await readCollectionFile(folder, entry, target.identities);
    const file = await writeDefinition(target, entry, index, collectionFileText({ ...entry, ...texts }));
    return entryOf(entry, "dropped", file);
  }
  const { ns } = task;
  const define = (): ReturnType<typeof writeDefinition> =>
    writeDefinition(target, ns, index, collectionFileText(ns));
  switch (task.kind) {
    case "unstreamed": {
      const counters = { add: reading.count, wait: () => undefined };
      return await compareCollection(reading.source, { ns, known: task.known, index }, target, {
        counters,
        compare: (range) => compareCollectionRange(reading.source, range, counters),
      });
    }
    case "defined":
      return entryOf(ns, "changed", await define());
    case "touched": {
      const file = await define();
      const touched = log.touched(ns.namespace)!;
      return entryOf(ns, "changed", file, await writeChanged(reading, target, ns, file.directory, touched));
    }
    case "whole": {
      const file = await define();
      if (ns.kind === "view") return entryOf(ns, "whole", file);
      return entryOf(ns, "whole", file, await writeWhole(reading, target, ns, file.directory));
    }
    case "compared": {
      const file = await define();
      const written = await writeWhole(reading, target, ns, file.directory);
      if (!(await isSameContent(target, written.parts, task.known)))
        return entryOf(ns, "whole", file, written);
      for (const part of written.parts) await rm(join(target.archive, part.file));
      return task.isRedefined ? entryOf(ns, "changed", file) : undefined;
    }
  }
}

function entryOf(
  {
    namespace,
    database,
    collection,
    kind,
  }: Pick<SourceNamespace, "namespace" | "database" | "collection" | "kind">,
  change: NonNullable<SourceNamespace["change"]>,
  file: Pick<SourceNamespace, "directory" | "metadata">,
  { parts = [], deletes = [], expired = [] }: Partial<WrittenChanges> = {},
): SourceNamespace {
  const lineCount = parts.reduce((sum, p) => sum + p.lineCount, 0);
  return {
    namespace,
    database,
    collection,
    kind,
    directory: file.directory,
    documentCount: lineCount,
    lineCount,
    metadata: file.metadata,
    parts: [...parts],
    change,
    ...(deletes.length === 0 ? {} : { deletes: [...deletes] }),
    ...(expired.length === 0 ? {} : { expired: [...expired] }),
  };
}

/** Returns the collections whose options or indexes differ from the chain's. */
async function redefinedOf(
  listed: readonly Namespace[],
  { known, identities }: DeltaTarget,
): Promise<Set<string>> {
  const redefined = new Set<string>();
  for (const ns of listed) {
    const last = known.get(ns.namespace)?.last;
    if (last === undefined) continue;
    const { optionsText, indexTexts } = await readCollectionFile(last.folder, last.entry, identities);
    if (optionsText !== ns.optionsText || indexTexts.join("\n") !== ns.indexTexts.join("\n"))
      redefined.add(ns.namespace);
  }
  return redefined;
}

async function* shown<R>(steps: AsyncGenerator<ChangesRead, R>): AsyncGenerator<ExportEvent, R> {
  for (;;) {
    const step = await steps.next();
    if (step.done === true) return step.value;
    const { eventCount, lagSeconds } = step.value;
    yield { kind: "progress", stage: "changes", items: eventCount, bytes: 0, lagSeconds };
  }
}
