import { join } from "node:path";
import { writeDurably } from "@firebreak/archive";
import { connectMongodb, listNamespaces, type MongodbSource } from "@firebreak/mongodb";
import { MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { usualSpace } from "@firebreak/mysql/target";
import { growthOf } from "./advice/growth.ts";
import { checklist } from "./checklist.ts";
import { quarantineProblems, sourceProblems, targetProblems } from "./find-problems.ts";
import { gather, type Gathered } from "./gather.ts";
import { versionProblems } from "./known-problems.ts";
import { planFault } from "./plan-faults.ts";
import type { PlanEvent, PlanOptions } from "./plan-options.ts";
import type { PlanRecord } from "./plan-record.ts";
import { adviseSettings } from "./settings/advise-settings.ts";

/** The names of a plan's files. */
const FILE = "plan.json";
const CHECKLIST = "checklist.md";

/**
 * Plans a move from MongoDB to MySQL. It reads both servers, and runs a sample of real documents through the real
 * steps in a temporary folder. The plan and its checklist are also files of the work folder. It writes to no database
 * but the scratch database, if it was given the name of one.
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
  const gathered = yield* gather(options, source, session, namespaces, at);
  const record = await recordOf(options, source, session, gathered, at);
  const [file, checklistFile] = [join(options.work, FILE), join(options.work, CHECKLIST)];
  await writeDurably(file, `${JSON.stringify(record, undefined, 2)}\n`);
  await writeDurably(checklistFile, options.checklistText(record));
  yield { kind: "plan", file, checklist: checklistFile, record };
}

async function recordOf(
  { profile, application, given, archive: folder }: PlanOptions,
  source: MongodbSource,
  session: MysqlSession,
  gathered: Gathered,
  at: Date,
): Promise<PlanRecord> {
  const { collections, tables, looks, site, facts, settings, estimated, whole } = gathered;
  const { large, surveyed } = gathered.probed;
  const { largestBytes, manifest } = large;
  const { target: targetBytes, binaryLog } = estimated.diskBytes;
  const indexBytes = usualSpace(0, (large.indexEntries * whole.bytes) / Math.max(1, large.bytes));
  const neededBytes = targetBytes + binaryLog;
  // A profile looks for the messages of entries, of which a sample may lack some.
  const isTold = profile === undefined || large.documents >= whole.documents;
  const { archive, isTaken } = facts;
  const record = {
    at: at.toISOString(),
    source: source.server,
    target: session.target.server,
    volumes: [...collections, ...tables],
    access: looks.access,
    indexUse: looks.indexUse,
    ...facts.shown,
    growth: growthOf(collections, targetBytes, Number(settings.value("innodb_buffer_pool_size"))),
    ...(archive === undefined ? {} : { archive }),
    estimate: estimated,
    ...site.record,
    ...(surveyed === undefined ? {} : { survey: surveyed.survey }),
    findings: [
      ...(await targetProblems({ session, settings, manifest, application, neededBytes, largestBytes })),
      ...sourceProblems({ server: source.server, isReplicaSet: source.isReplicaSet, ...looks }),
      ...quarantineProblems(surveyed?.accounts ?? (isTold ? large.accounts : [])),
      ...versionProblems(source, gathered.server),
      ...site.findings,
      ...facts.findings,
    ],
    settings: adviseSettings(settings, { targetBytes, indexBytes, largestBytes }),
    unseen: [
      ...looks.unseen,
      ...site.unseen,
      ...facts.unseen,
      // New documents are no measure of those that are changed and deleted.
      ...(gathered.areWritesCounted ? [] : [{ what: "writes" as const }]),
      ...(gathered.isLoadMeasured ? [] : [{ what: "load" as const }]),
    ],
  };
  return { ...record, checklist: checklist({ ...record, folder, archive, isTaken, given, tables }) };
}
