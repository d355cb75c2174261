import type { ProfileDecision, ProfileFacts } from "@firebreak/archive";
import { CANDIDATE_ZONES, privateFormVerdict } from "./detect.ts";
import { isContradicted, isUnsupported, verdictOf, type Evidence } from "./evidence.ts";
import type { PrivateForm } from "../target/private-target.ts";
import { profileFault } from "../profile-faults.ts";
import type { ProfileOptions } from "./profile-options.ts";
import type { SiteSettings } from "./site-settings.ts";
import { tableFacts, type ChatTargetFacts } from "../target/target-facts.ts";
import { messageTable } from "../target/server-tables.ts";
import { isSameZone, ZoneClock } from "./zone-clock.ts";
import { type FieldNames, fieldNamesSchema } from "../documents/field-names.ts";
import { z } from "zod";

/** The user's settings for a site. */
export interface WildfirechatSettings extends Known {
  readonly names: FieldNames;
}

/** The sources of settings of a site. */
export interface Known {
  readonly options: ProfileOptions;
  readonly site: SiteSettings | undefined;
  /** Facts about the MySQL server that messages come from or go to. Undefined if nobody collected them. */
  readonly facts: ChatTargetFacts | undefined;
}

/** A decision, and its value in the form used here. */
export interface Decided<T> {
  readonly value: T;
  readonly decision: ProfileDecision;
}

/** Returns the zones that the JVM may have: the usual ones, and the one that the user names. */
export function candidateZones({ jvmZone }: ProfileOptions): string[] {
  return [...new Set([...CANDIDATE_ZONES, ...(jvmZone === undefined ? [] : [jvmZone.zone])])];
}

/**
 * Decides the JVM's zone: the user's value, if the places of messages do not contradict it, else the zone
 * that these places show.
 *
 * @throws {FirebreakError} `profile-contradicted`, `profile-undecided`
 */
export function decideJvmZone({ options }: Known, evidence: Evidence | undefined): Decided<ZoneClock> {
  const setting = "zone";
  if (options.jvmZone !== undefined) return given(setting, options.jvmZone, "option", evidence);
  return byRows(setting, evidence, "rows");
}

/**
 * Decides the zone of `t_messages._dt`.
 *
 * @throws {FirebreakError} `profile-contradicted` if existing rows on the MySQL side show another zone. If
 * the value does not come from the user, also if most of these rows do not agree with it.
 */
export function decideJdbcZone({ options, site, facts }: Known): Decided<ZoneClock> {
  const setting = "serverTimezone";
  const evidence = facts?.evidence.jdbc;
  if (options.jdbcZone !== undefined) return given(setting, options.jdbcZone, "option", evidence);
  if (site !== undefined && !site.defaults.includes("jdbcZone"))
    return given(setting, new ZoneClock(site.jdbcZone), "site", evidence);
  const verdict = evidence === undefined ? undefined : verdictOf(evidence);
  if (verdict?.kind === "decided") return byRows(setting, evidence, "facts");
  return given(setting, new ZoneClock(DEFAULT_JDBC_ZONE), "default", evidence);
}

/** The server's default if the JDBC url names no zone. */
const DEFAULT_JDBC_ZONE = "GMT+8";

/**
 * Decides the zone of `t_user_messages._dt`, which is the zone of the MySQL server's sessions. No file of the
 * chat server names it.
 *
 * @throws {FirebreakError} `profile-contradicted`, `profile-undecided`
 */
export function decideSessionZone({ options, facts }: Known): Decided<ZoneClock> {
  const setting = "sessionTimezone";
  const evidence = facts?.evidence.session;
  if (options.sessionZone !== undefined) return given(setting, options.sessionZone, "option", evidence);
  const verdict = evidence === undefined ? undefined : verdictOf(evidence);
  if (verdict?.kind === "decided") return byRows(setting, evidence, "facts");
  const { global, system } = facts?.zones ?? {};
  const zone = global === "SYSTEM" ? system : global;
  if (zone !== undefined) return given(setting, new ZoneClock(zone), "facts", evidence);
  return byRows(setting, evidence, "facts");
}

/**
 * Decides the form in which the MySQL side names the people of private chats.
 *
 * @throws {FirebreakError} `profile-contradicted`, `profile-undecided`
 */
export function decidePrivateForm({ options, facts }: Known, target: ChatTargetFacts): Decided<PrivateForm> {
  const setting = "privateTarget";
  const rows = (facts ?? target).privateTargets;
  const evidence = privateEvidence(rows);
  const { privateForm } = options;
  if (privateForm !== undefined) {
    if (isContradicted(privateForm, evidence))
      throw profileFault("profile-contradicted", { setting, value: privateForm, by: "option", evidence });
    return { value: privateForm, decision: { setting, value: privateForm, by: "option", evidence } };
  }
  const column = tableFacts(target, messageTable(0))?.columns.find(({ name }) => name === "_target");
  const verdict = privateFormVerdict(rows, column);
  if (verdict.kind === "mixed") throw profileFault("profile-undecided", { setting, evidence });
  const by = facts === undefined ? "default" : "facts";
  return { value: verdict.value, decision: { setting, value: verdict.value, by, evidence } };
}

function privateEvidence({ plain, pair }: ChatTargetFacts["privateTargets"]): Evidence {
  const agreements = [
    { candidate: "plain", agreeCount: plain },
    { candidate: "pair", agreeCount: pair },
  ];
  const count = plain + pair;
  return { sampleCount: count, candidates: agreements, tellingCount: count, telling: agreements };
}

function given(
  setting: string,
  zone: ZoneClock,
  by: ProfileDecision["by"],
  evidence: Evidence | undefined,
): Decided<ZoneClock> {
  // A candidate may be another name of the same zone. If there is none for this zone, nothing contradicts it.
  const same = evidence?.candidates.find(({ candidate }) => isSameZone(new ZoneClock(candidate), zone));
  const isSaid = by === "site" || by === "default";
  if (
    evidence !== undefined &&
    same !== undefined &&
    (isContradicted(same.candidate, evidence) || (isSaid && isUnsupported(same.candidate, evidence)))
  )
    throw profileFault("profile-contradicted", { setting, value: zone.zone, by, evidence });
  return { value: zone, decision: decisionOf(setting, zone.zone, by, evidence) };
}

function byRows(setting: string, evidence: Evidence | undefined, by: "rows" | "facts"): Decided<ZoneClock> {
  const verdict = evidence === undefined ? undefined : verdictOf(evidence);
  if (verdict?.kind !== "decided") throw profileFault("profile-undecided", { setting, evidence });
  return { value: new ZoneClock(verdict.value), decision: decisionOf(setting, verdict.value, by, evidence) };
}

function decisionOf(
  setting: string,
  value: string,
  by: ProfileDecision["by"],
  evidence: Evidence | undefined,
): ProfileDecision {
  return { setting, value, by, ...(evidence === undefined ? {} : { evidence }) };
}

const siteSchema = z.object({
  store: z.enum(["mysql", "hybrid", "h2"]).optional(),
  mongodbDatabase: z.string(),
  // JSON has no NaN.
  expireDays: z.number().catch(Number.NaN),
  jdbcZone: z.string(),
  defaults: z.array(z.enum(["mongodbDatabase", "expireDays", "jdbcZone"])),
});

const keptSchema = z.object({ fieldNames: fieldNamesSchema.optional(), site: siteSchema.optional() });

/** The contents of the files that the user gave. */
export interface KeptSettings {
  readonly names: FieldNames | undefined;
  readonly site: SiteSettings | undefined;
}

/** Returns the contents of the user's files for the manifest, so that deltas do not need the files. */
export function keptSettings({
  names,
  site,
  options,
}: WildfirechatSettings): NonNullable<ProfileFacts["settings"]> {
  return {
    ...("fields" in options.given ? { fieldNames: names } : {}),
    ...(site === undefined ? {} : { site }),
  };
}

/** Reads them from a manifest. Undefined if the version that wrote it kept none. */
export function readKeptSettings(settings: ProfileFacts["settings"]): KeptSettings | undefined {
  if (settings === undefined) return undefined;
  const { fieldNames, site } = keptSchema.parse(settings);
  return { names: fieldNames, site: site && { ...site, store: site.store } };
}
