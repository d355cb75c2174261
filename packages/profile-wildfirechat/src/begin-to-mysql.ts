import { isDeepStrictEqual } from "node:util";
import type {
  ProfileBeginning,
  ProfileNamespace,
  ProfilePlan,
  ProfileSource,
  ProfileTable,
} from "@firebreak/transform";
import { COMMUNITY_FACTS } from "./target/community-facts.ts";
import { decideDuplicates } from "./collapse.ts";
import {
  candidateZones,
  decideJdbcZone,
  decideJvmZone,
  decidePrivateForm,
  decideSessionZone,
  type WildfirechatSettings,
  keptSettings,
} from "./settings/decisions.ts";
import { FLYWAY_HISTORY, serverTable } from "./target/server-tables.ts";
import { absentRemark } from "./documents/hybrid-rows.ts";
import { MESSAGE_WANTED, mergeHybridSurveys, type HybridSurvey } from "./documents/hybrid-survey.ts";
import { messageTime } from "./documents/message-id.ts";
import { profileFault } from "./profile-faults.ts";
import { idsBetween, retentionHorizon } from "./retention.ts";
import {
  planTarget,
  type RowPlan,
  type TargetPlan,
  MESSAGES,
  USER_MESSAGES,
  type RowsData,
  type SurveyData,
} from "./rows/row-plan.ts";
import { manifestColumns, rowEncodingOf } from "./target/table-columns.ts";

/** Remarks and rules that the report lists line by line, because somebody may want to look at each. */
const LISTED = ["moved", "retention", "collapsed", "content-type-differs", "body-empty", "body-other"];

/**
 * Maps the messages of a hybrid, or of a site that has everything in MongoDB, to the server's own tables.
 *
 * @throws {FirebreakError} `profile-target-unfit`, `profile-databases`, `profile-foreign`
 */
export function beginToMysql(source: ProfileSource, settings: WildfirechatSettings): ProfileBeginning {
  const { options, names, facts = COMMUNITY_FACTS } = settings;
  const database = databaseOf(source, settings);
  // Load decides later if tables that have rows may get more.
  const planned = planTarget(facts, { isMerge: true });
  if ("refusals" in planned) throw profileFault("profile-target-unfit", { refusals: planned.refusals });
  const { plan } = planned;
  const ofKind = (kind: "messages" | "userMessages"): string[] =>
    source.namespaces
      .filter((n) => n.database === database && serverTable(n.collection).kind === kind)
      .map((n) => n.namespace);
  return {
    module: new URL("./worker.js", import.meta.url).href,
    // Users' documents come first, because they decide which heads of messages are kept.
    groups: [
      { name: USER_MESSAGES, namespaces: ofKind("userMessages"), refersTo: MESSAGES },
      { name: MESSAGES, namespaces: ofKind("messages") },
    ],
    others: options.scheme === "mongodb" ? "generic" : "stay",
    // The target has its own history, which describes its tables.
    staying: source.namespaces.filter((n) => n.collection === FLYWAY_HISTORY).map((n) => n.namespace),
    surveyData: (_, before: HybridSurveys): SurveyData => ({
      names,
      zones: candidateZones(options),
      plan,
      isHeadWanted: (before.get(USER_MESSAGES)?.counts[MESSAGE_WANTED] ?? 0) > 0,
    }),
    merge: mergeHybridSurveys,
    plan: (surveys: HybridSurveys) => decide(source, settings, plan, database, surveys),
  };
}

type HybridSurveys = ReadonlyMap<string, HybridSurvey>;

function decide(
  { watermarkMs }: ProfileSource,
  settings: WildfirechatSettings,
  plan: TargetPlan,
  database: string,
  surveys: HybridSurveys,
): ProfilePlan {
  const { options, names, facts = COMMUNITY_FACTS } = settings;
  const jvm = decideJvmZone(settings, surveys.get(MESSAGES)?.zone);
  const jdbc = decideJdbcZone(settings);
  const session = decideSessionZone(settings);
  const form = decidePrivateForm(settings, facts);
  const horizon = retentionHorizon(options.retention, watermarkMs, jvm.value);
  const plans = [...plan.messages, ...plan.userMessages];
  const data: RowsData = {
    names,
    plan,
    columns: plans.map(manifestColumns),
    jvmZone: jvm.value.zone,
    jdbcZone: jdbc.value.zone,
    sessionZone: session.value.zone,
    privateForm: form.value,
    horizon,
  };
  const retention =
    horizon === undefined ? "all" : `3y-1d, from ${new Date(messageTime(horizon)).toISOString()}`;
  const isGiven = "retention" in options.given;
  return {
    data,
    tables: [
      ...plan.messages.map((p) => tableOf(p, database, ["_mid"], undefined)),
      ...plan.userMessages.map((p) => tableOf(p, database, [], ["_uid", "_seq"])),
    ].map((table) => ({ ...table, database: facts.database ?? database })),
    collections: [],
    target: facts,
    ownTablesCheck: `SELECT 1 FROM ${FLYWAY_HISTORY} LIMIT 1`,
    options: options.given,
    settings: keptSettings(settings),
    decisions: [
      jvm.decision,
      jdbc.decision,
      session.decision,
      form.decision,
      { setting: "retention", value: retention, by: isGiven ? "option" : "default" },
    ],
    counts: Object.fromEntries([...surveys].map(([group, { counts }]) => [group, { ...counts }])),
    listed: LISTED,
    decideDuplicates: (duplicates) => decideDuplicates(duplicates, names.messages.id),
    movedSince: (earlier: RowsData) =>
      isDeepStrictEqual({ ...earlier, horizon }, data) ? idsBetween(earlier.horizon, horizon) : undefined,
    absentRemark: (mid) => absentRemark(mid, horizon),
  };
}

function tableOf(
  plan: RowPlan,
  database: string,
  keyColumns: string[],
  logicalKey: string[] | undefined,
): ProfileTable {
  return {
    table: plan.table,
    database,
    namespace: `${database}.${plan.table}`,
    columns: manifestColumns(plan),
    keyColumns,
    ...(logicalKey === undefined ? {} : { logicalKey }),
    rowEncoding: rowEncodingOf(plan),
  };
}

/** Finds the database in which the chat server keeps its messages. */
function databaseOf({ namespaces }: ProfileSource, { site }: WildfirechatSettings): string {
  const isMessages = ({ collection }: ProfileNamespace): boolean =>
    ["messages", "userMessages"].includes(serverTable(collection).kind);
  const databases = [...new Set(namespaces.filter(isMessages).map((n) => n.database))];
  const named = site?.defaults.includes("mongodbDatabase") === false ? site.mongodbDatabase : undefined;
  const fit = named === undefined ? databases : databases.filter((name) => name === named);
  const [only, another] = fit;
  if (only === undefined) throw profileFault("profile-foreign", { database: named });
  if (another !== undefined) throw profileFault("profile-databases", { databases });
  return only;
}
