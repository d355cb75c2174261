import type { MysqlManifest, ProfileFacts, TargetFacts } from "@firebreak/archive";
import type { Application, ApplicationFacts } from "@firebreak/mysql";
import { flywayVersion, FLYWAY_HISTORY } from "./server-tables.ts";
import { profileFault } from "../profile-faults.ts";
import { DECIDING_COLUMNS, sampleOf, SampledTarget } from "./sampled-target.ts";
import { chatTargetFacts, readTargetFacts, type ChatTargetFacts } from "./target-facts.ts";

/** The kind of evidence in a target's rows for each setting. */
const ZONE_SETTINGS: Readonly<Record<string, "jvm" | "jdbc" | "session">> = {
  zone: "jvm",
  serverTimezone: "jdbc",
  sessionTimezone: "session",
};

/** A reason of the chat server against a load. */
export type ChatFinding =
  | { readonly what: "flyway-missing"; readonly database: string }
  | { readonly what: "flyway-changed"; readonly expected: string; readonly found: string }
  | {
      readonly what: "zone-differs";
      readonly setting: string;
      readonly value: string;
      readonly agreeCount: number;
      readonly other: string;
      readonly otherCount: number;
      readonly sampleCount: number;
    }
  | {
      readonly what: "private-differs";
      readonly value: string;
      readonly plain: number;
      readonly pair: number;
    };

/** The application's part of a target's facts, for people. */
export interface ChatFactsFound extends Pick<ChatTargetFacts, "privateTargets" | "evidence"> {
  readonly flywayVersion: string | undefined;
  /** True if the tables include those of the application. */
  readonly hasApplication: boolean;
  readonly newestMid: string | undefined;
}

type Made = Pick<MysqlManifest, "target" | "profileFacts">;

/** The chat server's own tables in a target of MySQL. */
export const chatApplication: Application = {
  profile: "wildfirechat",
  historyTable: FLYWAY_HISTORY,
  decidingColumns: DECIDING_COLUMNS,
  migration: flywayVersion,
  migrationFacts: (migration) => ({ flywayVersion: migration ?? null }),
  readFacts: readTargetFacts,
  found: chatFactsFound,
  migrationMoved: (fields) => profileFault("flyway-moved", fields),
  sampleOf,
  sampledRows: (made) => new SampledTarget(decidedZones(made)),
  findings: chatFindings,
};

function chatFactsFound(facts: TargetFacts): ChatFactsFound & ApplicationFacts {
  const { flywayVersion: version, shapes, privateTargets, evidence, newestMid } = chatTargetFacts(facts);
  return {
    flywayVersion: version ?? undefined,
    hasApplication: shapes.some(({ tables }) => tables.some((t) => sampleOf(t) !== undefined)),
    privateTargets,
    evidence,
    newestMid,
  };
}

/** Returns the time zones with which rows were made. */
function decidedZones(made: ProfileFacts | undefined): string[] {
  const decisions = made?.decisions ?? [];
  return decisions.filter(({ setting }) => Object.hasOwn(ZONE_SETTINGS, setting)).map(({ value }) => value);
}

function chatFindings({ target, profileFacts }: Made, there: TargetFacts): ChatFinding[] {
  const found = chatTargetFacts(there);
  return [
    ...flywayFindings(target, found),
    ...zoneFindings(profileFacts, found),
    ...privateFindings(profileFacts, found),
  ];
}

/** The migration counts only if the facts come from a real target; otherwise they are an assumption. */
function flywayFindings(expected: TargetFacts | undefined, found: ChatTargetFacts): ChatFinding[] {
  const { database, flywayVersion: version } = found;
  if (version === null) return [{ what: "flyway-missing", database: database ?? "" }];
  if (expected?.database === undefined) return [];
  const before = chatTargetFacts(expected).flywayVersion;
  if (before === version) return [];
  return [{ what: "flyway-changed", expected: before ?? "none", found: version }];
}

/** Finds settings for which more of the target's own rows show another zone than that of the new rows. */
function zoneFindings(made: ProfileFacts | undefined, { evidence }: ChatTargetFacts): ChatFinding[] {
  return (made?.decisions ?? []).flatMap(({ setting, value }): ChatFinding[] => {
    const kind = ZONE_SETTINGS[setting];
    if (kind === undefined) return [];
    const rows = evidence[kind];
    const own = rows?.telling.find((t) => t.candidate === value)?.agreeCount ?? 0;
    const other = rows?.telling.toSorted((a, b) => b.agreeCount - a.agreeCount)[0];
    if (rows === undefined || other === undefined || other.agreeCount <= own) return [];
    const fields = { setting, value, agreeCount: own, other: other.candidate, otherCount: other.agreeCount };
    return [{ what: "zone-differs", ...fields, sampleCount: rows.tellingCount }];
  });
}

function privateFindings(made: ProfileFacts | undefined, { privateTargets }: ChatTargetFacts): ChatFinding[] {
  const decision = made?.decisions.find(({ setting }) => setting === "privateTarget");
  if (decision === undefined) return [];
  const { plain, pair } = privateTargets;
  const isOther = decision.value === "plain" ? pair > plain : plain > pair;
  return isOther ? [{ what: "private-differs", value: decision.value, plain, pair }] : [];
}
