import type { DatabaseKind } from "@firebreak/archive";
import type { Profile, TransformEvent } from "@firebreak/transform";
import { cliFault } from "./cli-faults.ts";
import { givenSettings, refuseFlags } from "./profile-settings.ts";
import type { Profiles } from "./profiles.ts";
import type { Settings } from "./settings.ts";

/**
 * Returns the profile and the settings that a delta's chain was transformed with, or undefined for the
 * generic mapping. The person's own settings must agree with them. This is checked before any work is done.
 *
 * @throws {FirebreakError} `usage`, `file-unreadable`, `profile-unknown`, a fault of the profile,
 * `delta-profile`, `link-not-made`, or a fault of archive.
 */
export async function* profileOfChain(
  settings: Settings,
  to: DatabaseKind,
  profiles: Profiles,
): AsyncGenerator<TransformEvent, Profile | undefined> {
  const { chainProfile } = await import("@firebreak/transform");
  const chain = await chainProfile({
    archive: settings.archive,
    to,
    previous: settings.path("delta-from"),
    identities: await settings.identities(),
    profile: settings.text("profile"),
  });
  if (chain.profileFacts === undefined) {
    refuseFlags(settings, profiles);
    return undefined;
  }
  const { profile: name, profileFacts: facts, target } = chain;
  const entry = profiles.find((one) => one.name === name);
  if (entry === undefined) throw cliFault("profile-unknown", { archive: settings.archive, profile: name });
  const support = await entry.load();
  const given = await givenSettings(settings, entry);
  const { profile, options } = await support.ofChain({ to, facts, target }, given);
  yield { kind: "note", code: "profile-of-chain", fields: { profile: name, options } };
  return profile;
}
