import type { Application } from "@firebreak/mysql";
import type { Profile } from "@firebreak/transform";
import { cliReason } from "./cli-faults.ts";
import { chosenProfile } from "./profile-settings.ts";
import { applicationsOf, GENERIC, type Profiles } from "./profiles.ts";
import type { Settings } from "./settings.ts";

/** A profile that a person chose before there is an archive, and its application. */
export interface PlannedProfile {
  readonly profile: Profile | undefined;
  readonly application: Application | undefined;
}

export const NO_PROFILE: PlannedProfile = { profile: undefined, application: undefined };

/**
 * Returns the profile for a plan or a rehearsal. Without one, the mapping is generic: there is no archive yet whose
 * documents could tell that a profile is needed.
 *
 * @throws {FirebreakError} as `chosenProfile` does.
 */
export async function profileToPlan(settings: Settings, profiles: Profiles): Promise<PlannedProfile> {
  const said = settings.text("profile") ?? GENERIC;
  if (said !== GENERIC)
    return {
      profile: await chosenProfile(settings, profiles),
      application: await applicationsOf(profiles)(said),
    };
  settings.refuse(["site", "profile-option"], (flag) =>
    cliReason("flag-of-profile", { flag, profiles: profiles.map(({ name }) => name) }),
  );
  return NO_PROFILE;
}
