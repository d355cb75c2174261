import { join } from "node:path";
import { writeDurably, type NamespaceFilter, type Note, type StepEvent } from "@firebreak/archive";
import { connectMongodb, listNamespaces, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import { MysqlSession, mysqlTarget, serverFacts, type Application } from "@firebreak/mysql";
import { usualSpace } from "@firebreak/mysql/target";
import type { Profile } from "@firebreak/transform";
import { lookAt } from "./access/look-at.ts";
import { growthOf } from "./advice/growth.ts";
import { checklist, type GivenArguments } from "./checklist.ts";
import { quarantineProblems, sourceProblems, targetProblems } from "./find-problems.ts";
import { planFault } from "./plan-faults.ts";
import type { PlanNotes } from "./plan-notes.ts";
import type { Estimate, PlanRecord, Volume } from "./plan-record.ts";
import { versionProblems } from "./known-problems.ts";
import { adviseSettings } from "./settings/advise-settings.ts";
import { mysqlSettings } from "./settings/mysql-settings.ts";
import type { ApplicationSite } from "@firebreak/profile";
import { lookAtSite } from "./site/look-at-site.ts";
import { surveyAll, type Surveyed } from "./survey/survey-all.ts";
import { estimate, type Whole } from "./time/estimate.ts";
import { conditionsOf, readTimes } from "./rehearse/times.ts";
import { removedNote, Scratch } from "./scratch/scratch.ts";
import { shownFacts } from "./shown-facts.ts";
import type { CoveringArchive } from "./facts-record.ts";
import { fromArchive } from "./time/from-archive.ts";
import type { Measured } from "./time/measure.ts";
import { probeTwice, type ProbedTwice } from "./time/probe-twice.ts";
import { mongodbVolume } from "./volume/mongodb-volume.ts";
import { mysqlVolume } from "./volume/mysql-volume.ts";

export interface PlanOptions extends NamespaceFilter {
  readonly mongodbUrl: string;
  readonly mysqlUrl: string;
  readonly jobs: number;
  readonly version: string;
  /** The folder that gets the plan as a file. */
  readonly work: string;
  /** The seconds for which both servers are watched; 0 for a plan without their use. */
  readonly watchSeconds: number;
  /** The name of a database that the probe may create at the target, load into, and drop. */
  readonly scratch: string | undefined;
  readonly profile: Profile | undefined;
  /** The application of the profile, whose own tables its rows are for. */
  readonly application: Application | undefined;
  /** The collections that the profile's application spreads over tables. */
  readonly site: ApplicationSite | undefined;
  /** True to take every document through transform, and not only those of the sample. */
  readonly surveysAll: boolean;
  /** The folder of the archive that the move is going to have. */
  readonly archive: string;
  /** The arguments that the commands of the checklist repeat. */
  readonly given: GivenArguments;
  /** Returns the text of the checklist, which becomes a file beside the plan. */
  readonly checklistText: (record: PlanRecord) => string;
}

export type PlanEvent =
  | Extract<StepEvent, { kind: "progress" }>
  | Note<PlanNotes>
  | {
      readonly kind: "plan";
      readonly file: string;
      readonly checklist: string;
      readonly record: PlanRecord;
    };

/** The names of a plan's files. */
const FILE = "plan.json";
const CHECKLIST = "checklist.md";

/**
 * Plans a move from MongoDB to MySQL. It reads both servers, and runs a sample of real documents through the real
 * steps in a temporary folder. The plan and its checklist are also files of the work folder. It writes to no database but the scratch database, if it was given the name of one.
 *
 * @throws {FirebreakError} `plan-nothing`, `probe-taken`, `survey-disk`, or a fault of a server or a step.
 */
export async function* planMove(options: PlanOptions): AsyncGenerator<PlanEvent> {
  const source = await connectMongodb(options.mongodbUrl);
  try {
    const session = await MysqlSession.open(mysqlTarget(options.mysqlUrl));
    try {
      yield* planWith(options, source, session);
    } finally {
      await session.close();
    }
  } finally {
    await source.client.close();
  }
}

async function* planWith(
  options: PlanOptions,
  source: MongodbSource,
  session: MysqlSession,
): AsyncGenerator<PlanEvent> {
  const namespaces = await listNamespaces(source, options);
  if (namespaces.every((ns) => ns.kind === "view"))
    throw planFault("plan-nothing", { server: source.server });
  const at = new Date();
  const site = await lookAtSite(source, session, namespaces, options.site, at.getTime());
  const collections = (await mongodbVolume(source, namespaces, at.getTime())).map((volume) => {
    const itemsPerDay = site.perDay.get(`${volume.database}.${volume.name}`);
    return itemsPerDay === undefined ? volume : { ...volume, itemsPerDay };
  });
  const tables = await mysqlVolume(session);
  const looks = await lookAt(source, session, namespaces, options.watchSeconds);
  const probedTwice = yield* probed(options, source, namespaces, collections);
  const { large, indexes, surveyed } = probedTwice;
  const facts = await shownFacts({
    source,
    session,
    namespaces,
    collections,
    folder: options.archive,
    manifest: large.manifest,
    indexes,
    indexUse: looks.indexUse,
  });
  const server = await serverFacts(session);
  const settings = await mysqlSettings(session);
  const servers = { source: source.server, target: session.target.server };
  const rehearsed = await rehearsedOn(options, servers, large);
  const ofSource = looks.access.find((one) => one.server === source.server);
  const whole = {
    bytes: sumOf(collections, (v) => v.bytes),
    documents: sumOf(collections, (v) => v.items),
    writesPerSecond: ofSource?.writesPerSecond ?? sumOf(collections, (v) => v.itemsPerDay ?? 0) / 86_400,
    hasChangeStream: source.isReplicaSet,
    hasBinaryLog: server.binlog !== undefined,
    spaceOf: usualSpace,
  };
  const estimated = estimateFrom(
    facts.archive,
    at,
    estimate(probedTwice.small, rehearsed ?? large, whole),
    whole,
  );
  const { target: targetBytes, binaryLog } = estimated.diskBytes;
  const indexBytes = usualSpace(0, (large.indexEntries * whole.bytes) / Math.max(1, large.bytes));
  const { largestBytes, manifest } = large;
  const { application } = options;
  const neededBytes = targetBytes + binaryLog;
  // A profile looks for the messages of entries, of which a sample may lack some.
  const isTold = options.profile === undefined || large.documents >= whole.documents;
  const record = {
    at: at.toISOString(),
    ...servers,
    volumes: [...collections, ...tables],
    access: looks.access,
    indexUse: looks.indexUse,
    ...facts.shown,
    growth: growthOf(collections, targetBytes, Number(settings.value("innodb_buffer_pool_size"))),
    ...(facts.archive === undefined ? {} : { archive: facts.archive }),
    estimate: estimated,
    ...site.record,
    ...(surveyed === undefined ? {} : { survey: surveyed.survey }),
    findings: [
      ...(await targetProblems({ session, settings, manifest, application, neededBytes, largestBytes })),
      ...sourceProblems({ server: source.server, isReplicaSet: source.isReplicaSet, ...looks }),
      ...quarantineProblems(surveyed?.accounts ?? (isTold ? large.accounts : [])),
      ...versionProblems(source, server),
      ...site.findings,
      ...facts.findings,
    ],
    settings: adviseSettings(settings, { targetBytes, indexBytes, largestBytes }),
    unseen: [
      ...looks.unseen,
      ...site.unseen,
      ...facts.unseen,
      // New documents are no measure of those that are changed and deleted.
      ...(ofSource === undefined ? [{ what: "writes" as const }] : []),
      ...(options.scratch === undefined && rehearsed === undefined ? [{ what: "load" as const }] : []),
    ],
  };
  const { given, archive: folder } = options;
  const steps = checklist({
    ...record,
    folder,
    archive: facts.archive,
    isTaken: facts.isTaken,
    given,
    tables,
  });
  yield await written(options, { ...record, checklist: steps });
}

/** Returns the estimate of a move that goes on from an archive, if there is one with a change stream. */
function estimateFrom(
  archive: CoveringArchive | undefined,
  at: Date,
  ofWhole: Estimate,
  whole: Pick<Whole, "writesPerSecond" | "documents">,
): Estimate {
  const seconds = archive?.delta === "change-stream" ? (at.getTime() - Date.parse(archive.at)) / 1000 : 0;
  return seconds > 0 ? fromArchive(ofWhole, { seconds, ...whole }) : ofWhole;
}

function sumOf(volumes: readonly Volume[], numberOf: (volume: Volume) => number): number {
  return volumes.reduce((sum, volume) => sum + numberOf(volume), 0);
}

async function written(
  { work, checklistText }: PlanOptions,
  record: PlanRecord,
): Promise<Extract<PlanEvent, { kind: "plan" }>> {
  const [file, checklistFile] = [join(work, FILE), join(work, CHECKLIST)];
  await writeDurably(file, `${JSON.stringify(record, undefined, 2)}\n`);
  await writeDurably(checklistFile, checklistText(record));
  return { kind: "plan", file, checklist: checklistFile, record };
}

/** Runs the probe in a scratch folder, and in a scratch database if there is a name for one; then the survey of all. */
async function* probed(
  options: PlanOptions,
  source: MongodbSource,
  namespaces: readonly Namespace[],
  volumes: readonly Volume[],
): AsyncGenerator<PlanEvent, ProbedTwice & { surveyed?: Surveyed }> {
  const scratch = await Scratch.open(options, options.scratch);
  try {
    const note = removedNote(scratch.left);
    if (note !== undefined) yield note;
    const samples = yield* probeTwice(options, scratch, source, namespaces, volumes);
    if (!options.surveysAll) return samples;
    const bytes = volumes.reduce((sum, v) => sum + v.bytes, 0);
    const documents = volumes.reduce((sum, v) => sum + v.items, 0);
    const task = { ...options, folder: scratch.folder, sample: samples.large, bytes, documents };
    return { ...samples, surveyed: yield* surveyAll(task) };
  } finally {
    await scratch.close();
  }
}

/** Returns the measurements of a rehearsal between these servers with the same settings, if it was of more than the sample. */
async function rehearsedOn(
  options: PlanOptions,
  { source, target }: Pick<PlanRecord, "source" | "target">,
  sample: Measured,
): Promise<Measured | undefined> {
  const times = await readTimes(options.work);
  const isFit =
    times?.source === source &&
    times.target === target &&
    times.conditions === conditionsOf(options).conditions &&
    times.bytes > sample.bytes;
  return isFit ? { ...times, accounts: sample.accounts } : undefined;
}
