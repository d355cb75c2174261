import { isDeepStrictEqual } from "node:util";
import type {
  KeyRange,
  ProfileBeginning,
  ProfilePlan,
  ProfileSource,
  ProfileNamespace,
} from "@firebreak/transform";
import { decideDuplicates } from "./collapse.ts";
import { planCollections } from "./documents/hybrid-plan.ts";
import { keptSettings, type WildfirechatSettings } from "./settings/decisions.ts";
import { decideByRows, zoneCandidates } from "./rows/row-decisions.ts";
import { addRowEvidence, RowSurvey, type RowEvidence } from "./rows/row-survey.ts";
import { siteSettings } from "./settings/site-settings.ts";
import { profileFault, type SourceRefusal } from "./profile-faults.ts";
import type { HybridSettings } from "./rows/site-rows.ts";
import { MESSAGES, USER_MESSAGES, KNOWN_COLUMNS } from "./rows/row-plan.ts";
import { familyOf } from "./target/column-fit.ts";
import { firstMessageId } from "./documents/message-id.ts";
import { idsBetween } from "./retention.ts";
import { serverTable } from "./target/server-tables.ts";

const DAY_MS = 86_400_000;
/** A row's date as if its clock were UTC's differs from its instant by less than this, in any zone. */
const MOST_LAG_MS = DAY_MS;
/** A TTL index of MongoDB takes at most 2^31 - 1 seconds. */
const MAX_EXPIRE_DAYS = 24_855;

/** Remarks that the report lists line by line, because somebody may want to look at each. */
const LISTED = [
  "moved",
  "collapsed",
  "content-type-differs",
  "dt-shown-twice",
  "dt-never-shown",
  "beyond-expiry",
  "body-empty",
  "body-other",
];

/**
 * Maps the messages of a pure MySQL site to a hybrid's collections. The option `scheme` decides if everything
 * else stays in MySQL or becomes collections too.
 *
 * @throws {FirebreakError} `profile-source-unfit`, `profile-databases`, `profile-foreign`,
 * `site-expiry-unfit`
 */
export function beginToMongodb(source: ProfileSource, settings: WildfirechatSettings): ProfileBeginning {
  const { options, site } = settings;
  const { database, messages, userMessages } = sourceTables(source.namespaces);
  const days = site?.expireDays ?? 1;
  if (!Number.isInteger(days) || days < 1 || days > MAX_EXPIRE_DAYS)
    throw profileFault("site-expiry-unfit", { days, max: MAX_EXPIRE_DAYS });
  const candidates = zoneCandidates(settings);
  return {
    module: new URL("./worker.js", import.meta.url).href,
    groups: [
      { name: MESSAGES, namespaces: messages },
      { name: USER_MESSAGES, namespaces: userMessages },
    ],
    others: options.scheme === "mongodb" ? "generic" : "stay",
    staying: [],
    surveyData: () => candidates,
    merge: addRowEvidence,
    plan: (surveys: ReadonlyMap<string, RowEvidence>) => planHybrid(source, database, settings, surveys),
  };
}

function planHybrid(
  { namespaces, watermarkMs }: ProfileSource,
  database: string,
  settings: WildfirechatSettings,
  surveys: ReadonlyMap<string, RowEvidence>,
): ProfilePlan {
  const { options, names } = settings;
  const site = settings.site ?? siteSettings({});
  const nothing = new RowSurvey("messages", 0, zoneCandidates(settings)).evidence();
  const evidence = [...surveys.values()].reduce(addRowEvidence, nothing);
  const { zones, privateForm, decisions } = decideByRows(settings, evidence);
  const data: HybridSettings = {
    names,
    zones,
    privateForm,
    expiryMs: watermarkMs - site.expireDays * DAY_MS,
  };
  const target = site.defaults.includes("mongodbDatabase") ? database : site.mongodbDatabase;
  const bodies = Object.entries(evidence.bodies).map(([form, count]) => [`body-${form}`, count] as const);
  return {
    data,
    tables: [],
    collections: planCollections(database, target, namespaces, names, site.expireDays),
    options: options.given,
    settings: keptSettings(settings),
    decisions,
    counts: { [MESSAGES]: Object.fromEntries(bodies) },
    listed: LISTED,
    decideDuplicates: (duplicates) =>
      // The key of a user's entry is two values in brackets, the key of a message only its id.
      decideDuplicates(duplicates, duplicates[0]!.key.startsWith("[") ? "_seq" : "_mid"),
    movedSince: (earlier: HybridSettings) =>
      isDeepStrictEqual({ ...earlier, expiryMs: data.expiryMs }, data)
        ? expiredBetween(earlier.expiryMs, data.expiryMs)
        : undefined,
    // No row's document depends on another row.
    absentRemark: () => undefined,
  };
}

/** Returns the ids whose documents MongoDB's TTL index takes for expired at one instant, and not at the other. */
function expiredBetween(before: number, now: number): KeyRange[] {
  const [first, last] = before < now ? [before, now] : [now, before];
  return first === last
    ? []
    : idsBetween(firstMessageId(first - MOST_LAG_MS), firstMessageId(last + MOST_LAG_MS));
}

/** The server's sharded tables of one database, by namespace. */
export interface SourceTables {
  readonly database: string;
  readonly messages: readonly string[];
  readonly userMessages: readonly string[];
}

/**
 * Finds the server's sharded tables in an archive of MySQL.
 *
 * @throws {FirebreakError} `profile-foreign` if there are none, `profile-databases`, `profile-source-unfit`
 * with every column that is missing or has another type.
 */
export function sourceTables(namespaces: readonly ProfileNamespace[]): SourceTables {
  const refusals: SourceRefusal[] = [];
  const names = { messages: [] as string[], userMessages: [] as string[] };
  const databases = new Set<string>();
  for (const ns of namespaces) {
    const { kind } = serverTable(ns.collection);
    if (kind !== "messages" && kind !== "userMessages") continue;
    databases.add(ns.database);
    names[kind].push(ns.namespace);
    refusals.push(...columnRefusals(kind, ns));
  }
  const [database, another] = databases;
  if (database === undefined) throw profileFault("profile-foreign", { database });
  if (another !== undefined) throw profileFault("profile-databases", { databases: [...databases] });
  if (refusals.length > 0) throw profileFault("profile-source-unfit", { refusals });
  return { database, ...names };
}

function columnRefusals(
  kind: keyof typeof KNOWN_COLUMNS,
  { collection: table, table: description }: ProfileNamespace,
): SourceRefusal[] {
  return Object.entries(KNOWN_COLUMNS[kind]).flatMap(([column, { family, isLate }]): SourceRefusal[] => {
    const found = description?.columns.find(({ name }) => name === column);
    if (found === undefined) return isLate ? [] : [{ what: "column-missing", table, column }];
    const isFit = familyOf(found.dataType.toLowerCase()) === family;
    return isFit ? [] : [{ what: "column-type-unfit", table, column, type: found.sqlType }];
  });
}
