import { isDeepStrictEqual } from "node:util";
import type { ProfileFacts, DatabaseKind } from "@firebreak/archive";
import { DEFAULT_FIELD_NAMES, type FieldNames } from "../documents/field-names.ts";
import { readKeptSettings, type KeptSettings, type WildfirechatSettings } from "./decisions.ts";
import { profileFault } from "../profile-faults.ts";
import { readProfileOptions, type ProfileOptions } from "./profile-options.ts";
import { siteSettings, type SiteSettings } from "./site-settings.ts";
import { isSameZone, ZoneClock } from "./zone-clock.ts";

/** The user's settings for the transform of a delta. All may be missing. */
export interface SaidOfDelta {
  /** The kind of the target. */
  readonly to: DatabaseKind;
  /** The options as they were read. */
  readonly given: ProfileOptions["given"];
  readonly names?: FieldNames | undefined;
  readonly site?: SiteSettings | undefined;
}

/** Default values of options. */
const DEFAULTS: ReadonlyMap<string, string> = new Map([
  ["retention", "3y-1d"],
  ["scheme", "hybrid"],
]);

const ZONES: ReadonlySet<string> = new Set(["zone", "serverTimezone", "sessionTimezone"]);

/**
 * Returns the settings for the transform of a delta: those of its chain, from the manifest of the previous
 * link.
 *
 * @throws {FirebreakError} `profile-chain-conflict` if the user gives another value than the chain has,
 * `profile-chain-fields`, `profile-option-invalid`, `zone-unknown`.
 */
export function settingsOfChain(
  facts: ProfileFacts,
  said: SaidOfDelta,
): Pick<WildfirechatSettings, "options" | "names" | "site"> {
  const chain = settingsOf(facts);
  const { given } = said;
  for (const [setting, value] of Object.entries(given))
    if (setting !== "fields")
      refuseOther(setting, chain.get(setting) ?? DEFAULTS.get(setting), value, "option");
  const kept = readKeptSettings(facts.settings);
  const names = kept?.names ?? ("fields" in facts.options ? undefined : DEFAULT_FIELD_NAMES);
  if (names === undefined && said.names === undefined)
    throw profileFault("profile-chain-fields", { file: facts.options["fields"]! });
  if (names !== undefined && said.names !== undefined && !isDeepStrictEqual(names, said.names))
    throw conflict("fields", facts.options["fields"] ?? "none", given["fields"] ?? "", "option");
  if (said.site !== undefined) refuseOtherSite(chain, kept, { ...said, site: said.site });
  const options = Object.entries({ ...given, ...Object.fromEntries(chain) });
  return {
    options: readProfileOptions(options.map(([setting, value]) => `${setting}=${value}`)),
    names: names ?? said.names!,
    site: said.site ?? kept?.site,
  };
}

/** Returns the options of a chain, and the settings that were decided without an option. */
function settingsOf({ options, decisions }: ProfileFacts): ReadonlyMap<string, string> {
  const settings = new Map(Object.entries(options));
  for (const { setting, value, by, evidence } of decisions) {
    // The start of the retention moves on, and a default that was taken without rows to look at is no
    // decision.
    const isOfNoRows = by === "default" && evidence?.sampleCount === 0;
    if (setting !== "retention" && !isOfNoRows) settings.set(setting, value);
  }
  return settings;
}

function refuseOtherSite(
  chain: ReadonlyMap<string, string>,
  kept: KeptSettings | undefined,
  { site: said, to }: SaidOfDelta & { readonly site: SiteSettings },
): void {
  const site = kept?.site;
  if (!said.defaults.includes("jdbcZone"))
    refuseOther("serverTimezone", chain.get("serverTimezone"), said.jdbcZone, "site");
  const isNamed = site?.defaults.includes("mongodbDatabase") === false;
  if (isNamed && !said.defaults.includes("mongodbDatabase"))
    refuseOther("mongodbDatabase", site.mongodbDatabase, said.mongodbDatabase, "site");
  if (to === "mongodb" && kept !== undefined)
    refuseOther("expireDays", String((site ?? siteSettings({})).expireDays), String(said.expireDays), "site");
}

function refuseOther(setting: string, chain: string | undefined, said: string, by: "option" | "site"): void {
  if (chain !== undefined && !isSame(setting, chain, said)) throw conflict(setting, chain, said, by);
}

function isSame(setting: string, chain: string, said: string): boolean {
  if (ZONES.has(setting)) return isSameZone(new ZoneClock(chain), new ZoneClock(said));
  return chain === said || (setting === "privateTarget" && said === "detect");
}

function conflict(setting: string, chain: string, said: string, by: "option" | "site"): Error {
  return profileFault("profile-chain-conflict", { setting, chain, said, by });
}
