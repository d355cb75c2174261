import { randomBytes } from "node:crypto";
import { join } from "node:path";
import {
  accountEvent,
  killPoint,
  MYSQL_FOLDER,
  type NamespaceFilter,
  type Note,
  type StepEvent,
} from "@firebreak/archive";
import { connectMongodb, listNamespaces, type MongodbSource } from "@firebreak/mongodb";
import { mysqlTarget } from "@firebreak/mysql";
import {
  MOST_PART_DOCUMENTS,
  queryTest,
  type ApplicationQueries,
  type QueryTestEvent,
} from "@firebreak/query-test";
import type { Profile } from "@firebreak/transform";
import type { DocumentGroups } from "@firebreak/profile";
import { wholeGroups } from "../groups/group-sample.ts";
import { planFault } from "../plan-faults.ts";
import type { PlanNotes } from "../plan-notes.ts";
import { STEPS } from "../plan-record.ts";
import { removedNote, Scratch, type ScratchPlace } from "../scratch/scratch.ts";
import { ARCHIVE, partsOf, probe, type Probed } from "../time/probe.ts";
import { DocumentReader, newestDocuments, sharesOf, writeSample } from "../time/sample.ts";
import { mongodbVolume } from "../volume/mongodb-volume.ts";
import { conditionsOf, writeTimes } from "./times.ts";

export interface RehearsalOptions extends NamespaceFilter, ScratchPlace {
  /** The URL of the source. It is not needed to remove what a killed rehearsal left. */
  readonly mongodbUrl: string;
  readonly jobs: number;
  readonly version: string;
  /** The part of the documents, above 0 and up to 1. */
  readonly part: number;
  /** True to remove only what a killed rehearsal left. */
  readonly isClean: boolean;
  readonly profile: Profile | undefined;
  /** The application's documents that belong together, of which a part has all or none. */
  readonly groups: DocumentGroups | undefined;
  /** The application's queries. Undefined if its profile has none. */
  readonly queries: ApplicationQueries | undefined;
  /** The number of connections at once for the queries. */
  readonly connectionCount: number;
}

/** The end of a rehearsal. */
export interface RehearsalEvent {
  readonly kind: "rehearsal";
  /** True: everything that it made is gone again. */
  readonly removed: true;
}

/**
 * Moves a part of the documents, or all, through all steps into a scratch database at the target, proves them, asks
 * source and scratch database the same queries, keeps the times, and removes everything that it made, also after a
 * fault. If it was killed, the next call removes the rest first.
 *
 * @throws {FirebreakError} `plan-nothing`, those of `Scratch`, or a fault of a server or a step.
 */
export async function* rehearse(
  options: RehearsalOptions,
): AsyncGenerator<StepEvent<PlanNotes> | QueryTestEvent | RehearsalEvent> {
  const { work, isClean } = options;
  if (isClean)
    yield (
      removedNote(await Scratch.clean(options)) ?? { kind: "note", code: "scratch-none", fields: { work } }
    );
  else {
    const measured = yield* measureAll(options);
    for (const step of STEPS)
      yield { kind: "note", code: "rehearsal-step", fields: { step, ms: measured.ms[step] ?? 0 } };
    yield accountEvent(measured.accounts, {});
  }
  yield { kind: "rehearsal", removed: true };
}

async function* measureAll(
  options: RehearsalOptions,
): AsyncGenerator<QueryTestEvent | Note<PlanNotes>, Probed> {
  const source = await connectMongodb(options.mongodbUrl);
  try {
    const scratch = await Scratch.open(options, `firebreak_rehearsal_${randomBytes(4).toString("hex")}`);
    let measured: Probed;
    try {
      const note = removedNote(scratch.left);
      if (note !== undefined) yield note;
      measured = yield* measure(options, source, scratch);
      killPoint("rehearsal-proved");
      const target = mysqlTarget(options.mysqlUrl).server;
      await writeTimes(options.work, { ...conditionsOf(options), source: source.server, target }, measured);
      yield* askQueries(options, scratch, measured.documents);
      killPoint("rehearsal-asked");
    } finally {
      await scratch.close();
    }
    return measured;
  } finally {
    await source.client.close();
  }
}

/** Asks the queries of documents that were rehearsed. Other documents of the source count in no answer. */
async function* askQueries(
  { mongodbUrl, part, queries, connectionCount, include, exclude }: RehearsalOptions,
  { folder, database }: Scratch,
  documents: number,
): AsyncGenerator<QueryTestEvent | Note<PlanNotes>> {
  if (database === undefined) return;
  const most = MOST_PART_DOCUMENTS;
  if (documents > most && part < 1) {
    yield { kind: "note", code: "rehearsal-not-asked", fields: { documents, most } };
    return;
  }
  const archive = join(folder, ARCHIVE);
  yield* queryTest({
    archive,
    folder: join(archive, MYSQL_FOLDER),
    mongodbUrl,
    mysqlUrl: database.url,
    connectionCount,
    include,
    exclude,
    isPart: documents <= most,
    applicationQueries: async () => queries,
  });
}

async function* measure(
  options: RehearsalOptions,
  source: MongodbSource,
  { folder, database }: Scratch,
): AsyncGenerator<Extract<StepEvent, { kind: "progress" }>, Probed> {
  const { mongodbUrl, include, exclude, jobs, version, profile, application, groups, part } = options;
  const namespaces = await listNamespaces(source, options);
  if (namespaces.every((ns) => ns.kind === "view"))
    throw planFault("plan-nothing", { server: source.server });
  const volumes = await mongodbVolume(source, namespaces, Date.now());
  const bytes = volumes.reduce((sum, v) => sum + v.bytes, 0);
  const wholeParts = partsOf(volumes);
  const how = { folder, jobs, version, profile, application, scratchUrl: database?.url, wholeParts };
  if (part < 1) {
    const shares = sharesOf(volumes, bytes * part);
    const newest = newestDocuments(new DocumentReader(source), namespaces, shares);
    const sampling = groups === undefined ? newest : await wholeGroups(newest, groups, part);
    return yield* probe({ ...how, sample: await writeSample(sampling, join(folder, "dump")) });
  }
  const documents = volumes.reduce((sum, v) => sum + v.items, 0);
  const sample = { documents, bytes, largestBytes: 0, readMs: 0 };
  return yield* probe({ ...how, sample, source: { kind: "mongodb", url: mongodbUrl }, include, exclude });
}
