import { randomBytes } from "node:crypto";
import { mkdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  accountEvent,
  diskFault,
  killPoint,
  type NamespaceFilter,
  type Note,
  type StepEvent,
} from "@firebreak/archive";
import { connectMongodb, listNamespaces, type MongodbSource } from "@firebreak/mongodb";
import { mysqlTarget, type Application } from "@firebreak/mysql";
import type { Profile } from "@firebreak/transform";
import { planFault } from "../plan-faults.ts";
import type { PlanNotes } from "../plan-notes.ts";
import { STEPS } from "../plan-record.ts";
import { ScratchDatabase } from "../scratch-database.ts";
import { probe, type Probed } from "../time/probe.ts";
import { sharesOf, writeSample } from "../time/sample.ts";
import { mongodbVolume } from "../volume/mongodb-volume.ts";
import { readJournal, removeJournal, writeJournal } from "./journal.ts";
import { writeTimes } from "./times.ts";

export interface RehearsalOptions extends NamespaceFilter {
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
  readonly jobs: number;
  readonly version: string;
  /** The folder for the sample, its archive and the record of the times. */
  readonly work: string;
  /** The part of the documents, above 0 and up to 1. */
  readonly part: number;
  /** True to remove only what a killed rehearsal left. */
  readonly isClean: boolean;
  readonly profile: Profile | undefined;
  readonly application: Application | undefined;
}

/** The end of a rehearsal. */
export interface RehearsalEvent {
  readonly kind: "rehearsal";
  /** True: everything that it made is gone again. */
  readonly removed: true;
}

/**
 * Moves a part of the documents, or all, through all steps into a scratch database at the target, proves them, keeps
 * the times, and removes everything that it made, also after a fault. If it was killed, the next call removes the
 * rest first.
 *
 * @throws {FirebreakError} `plan-nothing`, `rehearsal-journal`, or a fault of a server or a step.
 */
export async function* rehearse(
  options: RehearsalOptions,
): AsyncGenerator<StepEvent<PlanNotes> | RehearsalEvent> {
  const { work, mysqlUrl, isClean } = options;
  await mkdir(work, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, work);
  });
  const left = await readJournal(work);
  if (left !== undefined) yield await removeRest(options, left);
  else if (isClean) yield { kind: "note", code: "rehearsal-none", fields: { work } };
  if (isClean) {
    yield { kind: "rehearsal", removed: true };
    return;
  }
  const source = await connectMongodb(options.mongodbUrl);
  try {
    const database = `firebreak_rehearsal_${randomBytes(4).toString("hex")}`;
    const folder = folderIn(work);
    await writeJournal(work, database);
    const scratch = new ScratchDatabase(mysqlUrl, database);
    let measured: Probed;
    try {
      await scratch.create(options.application);
      killPoint("rehearsal-begun");
      measured = yield* measure(options, source, folder, scratch.url);
      killPoint("rehearsal-proved");
    } finally {
      await scratch.drop();
      await rm(folder, { recursive: true, force: true });
      await removeJournal(work);
    }
    await writeTimes(work, { source: source.server, target: mysqlTarget(mysqlUrl).server }, measured);
    for (const step of STEPS)
      yield { kind: "note", code: "rehearsal-step", fields: { step, ms: measured.ms[step] ?? 0 } };
    yield accountEvent(measured.accounts, {});
    yield { kind: "rehearsal", removed: true };
  } finally {
    await source.client.close();
  }
}

/** Returns the folder of the sample and its archive. */
function folderIn(work: string): string {
  return join(work, "rehearsal");
}

/** Removes what a killed rehearsal left. */
async function removeRest(
  { work, mysqlUrl }: Pick<RehearsalOptions, "work" | "mysqlUrl">,
  database: string,
): Promise<Note<PlanNotes>> {
  const folder = folderIn(work);
  await new ScratchDatabase(mysqlUrl, database).drop();
  await rm(folder, { recursive: true, force: true });
  await removeJournal(work);
  return { kind: "note", code: "rehearsal-removed", fields: { database, folder } };
}

async function* measure(
  options: RehearsalOptions,
  source: MongodbSource,
  folder: string,
  scratchUrl: string,
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, Probed> {
  const { mongodbUrl, include, exclude, jobs, version, profile, application, part } = options;
  const namespaces = await listNamespaces(source, options);
  if (namespaces.every((ns) => ns.kind === "view"))
    throw planFault("plan-nothing", { server: source.server });
  const volumes = await mongodbVolume(source, namespaces, Date.now());
  const bytes = volumes.reduce((sum, v) => sum + v.bytes, 0);
  const how = { folder, jobs, version, profile, application, scratchUrl };
  if (part < 1) {
    const shares = sharesOf(volumes, bytes * part);
    return yield* probe({
      ...how,
      sample: await writeSample(source, namespaces, shares, join(folder, "dump")),
    });
  }
  const documents = volumes.reduce((sum, v) => sum + v.items, 0);
  const sample = { documents, bytes, largestBytes: 0, readMs: 0 };
  return yield* probe({ ...how, sample, source: { kind: "mongodb", url: mongodbUrl }, include, exclude });
}
