import type { ProfileBeginning, ProfilePlan, ProfileSource } from "@firebreak/transform";
import { decideDuplicates } from "./collapse.ts";
import { planCollections } from "./documents/hybrid-plan.ts";
import { keptSettings } from "./settings/kept-settings.ts";
import { decideByRows, zoneCandidates } from "./rows/row-decisions.ts";
import { addRowEvidence, RowSurvey, type RowEvidence } from "./rows/row-survey.ts";
import { siteSettings } from "./settings/site-settings.ts";
import { profileFault } from "./profile-faults.ts";
import type { HybridSettings } from "./rows/site-rows.ts";
import { sourceTables } from "./target/source-tables.ts";
import { MESSAGES, USER_MESSAGES } from "./rows/to-mysql-data.ts";
import type { WildfirechatSettings } from "./settings/wildfirechat-settings.ts";

const DAY_MS = 86_400_000;
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
  };
}
