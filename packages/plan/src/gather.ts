import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import { serverFacts, type MysqlSession, type ServerFacts } from "@firebreak/mysql";
import { usualSpace } from "@firebreak/mysql/target";
import { lookAt, type Looks } from "./access/look-at.ts";
import type { PlanEvent, PlanOptions } from "./plan-options.ts";
import type { Estimate, PlanRecord, Volume } from "./plan-record.ts";
import { conditionsOf, readTimes } from "./rehearse/times.ts";
import { removedNote, Scratch } from "./scratch/scratch.ts";
import { mysqlSettings } from "./settings/mysql-settings.ts";
import { shownFacts, type FactsFound } from "./shown-facts.ts";
import { lookAtSite, type SiteLooks } from "./site/look-at-site.ts";
import { surveyAll, type Surveyed } from "./survey/survey-all.ts";
import { estimate } from "./time/estimate.ts";
import { fromArchive } from "./time/from-archive.ts";
import type { Measured } from "./time/measure.ts";
import { probeTwice, type ProbedTwice } from "./time/probe-twice.ts";
import { mongodbVolume } from "./volume/mongodb-volume.ts";
import { mysqlVolume } from "./volume/mysql-volume.ts";

/** All that a plan is made of. */
export interface Gathered {
  readonly collections: readonly Volume[];
  readonly tables: readonly Volume[];
  readonly looks: Looks;
  readonly site: SiteLooks;
  readonly probed: ProbedTwice & { readonly surveyed?: Surveyed };
  readonly facts: FactsFound;
  readonly server: ServerFacts;
  readonly settings: Awaited<ReturnType<typeof mysqlSettings>>;
  readonly estimated: Estimate;
  /** The size of all documents. */
  readonly whole: { readonly bytes: number; readonly documents: number };
  /** True if a load was measured, now or in a rehearsal. */
  readonly isLoadMeasured: boolean;
  /** True if the source's writes were counted. */
  readonly areWritesCounted: boolean;
}

/**
 * Reads both servers, and runs the samples through the steps.
 *
 * @throws {FirebreakError} `probe-taken`, `survey-disk`, or a fault of a server or a step.
 */
export async function* gather(
  options: PlanOptions,
  source: MongodbSource,
  session: MysqlSession,
  namespaces: readonly Namespace[],
  at: Date,
): AsyncGenerator<PlanEvent, Gathered> {
  const site = await lookAtSite(source, session, namespaces, options.site, at.getTime());
  const collections = (await mongodbVolume(source, namespaces, at.getTime())).map((volume) => {
    const itemsPerDay = site.perDay.get(`${volume.database}.${volume.name}`);
    return itemsPerDay === undefined ? volume : { ...volume, itemsPerDay };
  });
  const tables = await mysqlVolume(session);
  const looks = await lookAt(source, session, namespaces, options.watchSeconds);
  const probed = yield* probe(options, source, namespaces, collections);
  const { small, large, indexes } = probed;
  const { manifest } = large;
  const { indexUse } = looks;
  const folder = options.archive;
  const task = { source, session, namespaces, collections, folder, manifest, indexes, indexUse };
  const facts = await shownFacts(task);
  const server = await serverFacts(session);
  const rehearsed = await rehearsedOn(
    options,
    { source: source.server, target: session.target.server },
    large,
  );
  const ofSource = looks.access.find((one) => one.server === source.server);
  const whole = {
    bytes: sumOf(collections, (v) => v.bytes),
    documents: sumOf(collections, (v) => v.items),
    writesPerSecond: ofSource?.writesPerSecond ?? sumOf(collections, (v) => v.itemsPerDay ?? 0) / 86_400,
    hasChangeStream: source.isReplicaSet,
    hasBinaryLog: server.binlog !== undefined,
    spaceOf: usualSpace,
  };
  const ofWhole = estimate(small, rehearsed ?? large, whole);
  const { archive } = facts;
  const seconds = archive?.delta === "change-stream" ? (at.getTime() - Date.parse(archive.at)) / 1000 : 0;
  return {
    collections,
    tables,
    looks,
    site,
    probed,
    facts,
    server,
    settings: await mysqlSettings(session),
    estimated: seconds > 0 ? fromArchive(ofWhole, { seconds, ...whole }) : ofWhole,
    whole,
    isLoadMeasured: options.scratch !== undefined || rehearsed !== undefined,
    areWritesCounted: ofSource !== undefined,
  };
}

function sumOf(volumes: readonly Volume[], numberOf: (volume: Volume) => number): number {
  return volumes.reduce((sum, volume) => sum + numberOf(volume), 0);
}

/** Runs the probe in a scratch folder, and in a scratch database if there is a name for one; then the survey of all. */
async function* probe(
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
    const task = {
      ...options,
      folder: scratch.folder,
      sample: samples.large,
      bytes: sumOf(volumes, (v) => v.bytes),
      documents: sumOf(volumes, (v) => v.items),
    };
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
