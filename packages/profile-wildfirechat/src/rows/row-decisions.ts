import type { ProfileDecision } from "@firebreak/archive";
import type { Known } from "../settings/decisions.ts";
import { CANDIDATE_ZONES } from "../settings/detect.ts";
import { isContradicted, isUnsupported, verdictOf, type Evidence } from "../settings/evidence.ts";
import type { PrivateForm } from "../target/private-target.ts";
import { profileFault } from "../profile-faults.ts";
import type { RowEvidence, ZoneCandidates } from "./row-survey.ts";
import { isSameZone, ZoneClock } from "../settings/zone-clock.ts";

type Said = Pick<Known, "options" | "site">;

/** The settings with which the rows of a site were written. */
export interface SiteWriting {
  readonly zones: { readonly jvm: string; readonly jdbc: string; readonly session: string };
  readonly privateForm: PrivateForm;
  readonly decisions: readonly ProfileDecision[];
}

/** Returns the zones to compare a site's rows with: the usual ones, and those given for the site. */
export function zoneCandidates({ options, site }: Said): ZoneCandidates {
  return {
    jvm: candidatesWith(options.jvmZone),
    jdbc: candidatesWith(options.jdbcZone ?? zoneOf(site)),
    session: candidatesWith(options.sessionZone),
  };
}

/**
 * Decides with which settings a site's rows were written: by the user's option, else by the site's files, if
 * the rows do not contradict them, else by the rows. Without rows any setting will do.
 *
 * @throws {FirebreakError} `profile-contradicted`, `profile-undecided`
 */
export function decideByRows({ options, site }: Said, evidence: RowEvidence): SiteWriting {
  const { jvm, jdbc, session, privateForm } = evidence;
  const decisions = [
    decide("zone", options.jvmZone?.zone, undefined, jvm),
    decide("serverTimezone", options.jdbcZone?.zone, zoneOf(site)?.zone, jdbc),
    decide("sessionTimezone", options.sessionZone?.zone, undefined, session),
    decide("privateTarget", options.privateForm, undefined, privateForm),
  ] as const;
  return {
    zones: { jvm: decisions[0].value, jdbc: decisions[1].value, session: decisions[2].value },
    privateForm: decisions[3].value === "pair" ? "pair" : "plain",
    decisions,
  };
}

function decide(
  setting: string,
  option: string | undefined,
  site: string | undefined,
  evidence: Evidence,
): ProfileDecision {
  const said = option ?? site;
  if (said !== undefined) {
    const by = option === undefined ? "site" : "option";
    const candidate = candidateFor(said, evidence);
    // A file may come from another server, but a user has looked.
    const isUnlikely = by === "site" && isUnsupported(candidate, evidence);
    if (isUnlikely || isContradicted(candidate, evidence))
      throw profileFault("profile-contradicted", { setting, value: said, by, evidence });
    return { setting, value: said, by, evidence };
  }
  const [first] = evidence.candidates;
  if (evidence.sampleCount === 0 && first !== undefined)
    return { setting, value: first.candidate, by: "default", evidence };
  const verdict = verdictOf(evidence);
  if (verdict.kind === "mixed") throw profileFault("profile-undecided", { setting, evidence });
  return { setting, value: verdict.value, by: "rows", evidence };
}

/** Returns the candidate with that name, or with another name of the zone. */
function candidateFor(said: string, { candidates }: Evidence): string {
  const names = candidates.map(({ candidate }) => candidate);
  if (names.includes(said)) return said;
  return names.find((name) => isSameZone(new ZoneClock(name), new ZoneClock(said))) ?? said;
}

function candidatesWith(said: ZoneClock | undefined): string[] {
  const isKnown = CANDIDATE_ZONES.some((zone) => said !== undefined && isSameZone(new ZoneClock(zone), said));
  return [...CANDIDATE_ZONES, ...(said === undefined || isKnown ? [] : [said.zone])];
}

function zoneOf(site: Known["site"]): ZoneClock | undefined {
  if (site === undefined || site.defaults.includes("jdbcZone")) return undefined;
  return new ZoneClock(site.jdbcZone);
}
