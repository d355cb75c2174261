import type { Profile, TransformEvent } from "@firebreak/transform";
import { PROFILES, refuseFlags, saidOfProfile } from "./profile-settings.ts";
import type { Settings } from "./settings.ts";
import type { TargetKind } from "./target-kind.ts";

/**
 * Returns the profile and the settings that a delta's chain was transformed with, or undefined for the
 * generic mapping. The person's own settings must agree with them. This is checked before any work is done.
 *
 * @throws {FirebreakError} `usage`, `file-unreadable`, `site-empty`, `profile-chain-conflict` and other
 * faults of the profile, `delta-profile`, `link-not-made`, or a fault of archive.
 */
export async function* profileOfChain(
  settings: Settings,
  to: TargetKind,
): AsyncGenerator<TransformEvent, Profile | undefined> {
  const { chainProfile } = await import("@firebreak/transform");
  const chain = await chainProfile({
    archive: settings.archive,
    to,
    previous: settings.path("delta-from"),
    identities: await settings.identities(),
    profile: settings.choice("profile", PROFILES),
  });
  if (chain.profileFacts === undefined) {
    refuseFlags(settings);
    return undefined;
  }
  const { chatTargetFacts, settingsOfChain, wildfirechat } = await import("@firebreak/profile-wildfirechat");
  const { facts = chain.target, options, names, site } = await saidOfProfile(settings);
  const known = settingsOfChain(chain.profileFacts, { to, given: options.given, names, site });
  const fields = { profile: chain.profile, options: known.options.given };
  yield { kind: "note", code: "profile-of-chain", fields };
  return wildfirechat({ ...known, facts: facts && chatTargetFacts(facts) });
}
