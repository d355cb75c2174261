import type { Application } from "@firebreak/mysql";
import type { ProfileEntry, ProfileSupport } from "@firebreak/profile";
import { wildfirechatEntry } from "@firebreak/profile-wildfirechat";
import type { LanguageCode } from "./messages/codes.ts";

export type Profiles = readonly [ProfileEntry<LanguageCode>, ...ProfileEntry<LanguageCode>[]];

/** All profiles. A further one is a line here. */
export const PROFILES: Profiles = [wildfirechatEntry];

/** The value of `--profile` for the mapping that knows no application. */
export const GENERIC = "generic";

/** Returns the mappings of a profile. Undefined if there is no profile of that name. */
export async function profileNamed(profiles: Profiles, name: string): Promise<ProfileSupport | undefined> {
  return profiles.find((profile) => profile.name === name)?.load();
}

/** Returns the function that finds the application of a profile. */
export function applicationsOf(profiles: Profiles): (name: string) => Promise<Application | undefined> {
  return async (name) => (await profileNamed(profiles, name))?.application;
}
