import type { NamespaceFilter } from "@firebreak/archive";
import type { Application } from "@firebreak/mysql";
import type { ApplicationSite, DocumentGroups } from "@firebreak/profile";
import type { ApplicationQueries } from "@firebreak/query-test";
import type { Profile } from "@firebreak/transform";
import { cliReason } from "./cli-faults.ts";
import { TARGET_URLS, WORK } from "./command.ts";
import type { FlagKinds } from "./flags.ts";
import { givenSettings, profileFlags } from "./profile-settings.ts";
import { GENERIC, type Profiles } from "./profiles.ts";
import type { Settings } from "./settings.ts";
import { VERSION } from "./version.ts";

/** Returns the flags that describe a move before there is an archive. */
export function moveFlags(profiles: Profiles) {
  return {
    ...TARGET_URLS,
    ...WORK,
    ...profileFlags(profiles),
    include: { type: "string", array: true, nargs: 1 },
    exclude: { type: "string", array: true, nargs: 1 },
  } satisfies FlagKinds;
}

/** A profile that a person chose before there is an archive, and its application. */
interface PlannedProfile {
  readonly profile: Profile | undefined;
  readonly application: Application | undefined;
  /** The collections that the application spreads over tables. */
  readonly site: ApplicationSite | undefined;
  readonly groups: DocumentGroups | undefined;
  readonly queries: ApplicationQueries | undefined;
}

export const NO_PROFILE: PlannedProfile = {
  profile: undefined,
  application: undefined,
  site: undefined,
  groups: undefined,
  queries: undefined,
};

/** The settings of a move, apart from its source and its profile. */
interface MoveSettings extends NamespaceFilter {
  readonly mysqlUrl: string;
  readonly jobs: number;
  readonly version: string;
  readonly work: string;
}

/** @throws {FirebreakError} a fault of the target's URL. */
export async function moveSettings(settings: Settings): Promise<MoveSettings> {
  return {
    mysqlUrl: await settings.mysqlUrl,
    jobs: settings.jobs,
    version: VERSION,
    work: settings.work,
    include: settings.list("include"),
    exclude: settings.list("exclude"),
  };
}

/**
 * Returns the profile for a plan or a rehearsal. Without one, the mapping is generic: there is no archive yet whose
 * documents could tell that a profile is needed.
 *
 * @throws {FirebreakError} `usage`, `file-unreadable`, or a fault of the profile.
 */
export async function profileToPlan(settings: Settings, profiles: Profiles): Promise<PlannedProfile> {
  const said = settings.text("profile") ?? GENERIC;
  const entry = profiles.find(({ name }) => name === said);
  if (entry !== undefined) {
    const support = await entry.load();
    const given = await givenSettings(settings, entry);
    return {
      profile: await support.chosen(given),
      application: support.application,
      site: await support.site?.(given),
      groups: await support.groups?.(given),
      queries: await support.queries?.(given),
    };
  }
  settings.refuse(["site", "profile-option"], (flag) =>
    cliReason("flag-of-profile", { flag, profiles: profiles.map(({ name }) => name) }),
  );
  return NO_PROFILE;
}
