import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSourceManifest, wordsOf, type TargetFacts, type DatabaseKind } from "@firebreak/archive";
import type { GivenSettings, ProfileEntry } from "@firebreak/profile";
import type { Profile, TransformEvent } from "@firebreak/transform";
import { cliFault, cliReason } from "./cli-faults.ts";
import type { FlagKinds } from "./flags.ts";
import { GENERIC, type Profiles } from "./profiles.ts";
import { readText } from "./read-text.ts";
import type { Settings } from "./settings.ts";

/** Returns the flags that choose how an application's data is mapped. */
export function profileFlags(profiles: Profiles) {
  return {
    profile: { choices: [GENERIC, ...profiles.map(({ name }) => name)] },
    "profile-option": { type: "string", array: true },
    site: { type: "string" },
    "target-facts": { type: "string" },
  } satisfies FlagKinds;
}

/**
 * Returns the profile that a person chose for a full archive, with its settings, or undefined for the generic
 * mapping.
 *
 * @throws {FirebreakError} `usage`, `profile-unsaid`, `file-unreadable`, or a fault of the profile about the
 * settings and the content of its files.
 */
export async function chosenProfile(settings: Settings, profiles: Profiles): Promise<Profile | undefined> {
  const said = settings.text("profile");
  const entry = profiles.find(({ name }) => name === said);
  if (entry !== undefined) return (await entry.load()).chosen(await givenSettings(settings, entry));
  refuseFlags(settings, profiles);
  if (said === undefined) await refuseUnsaid(settings, profiles);
  return undefined;
}

/**
 * Reads the settings that a person gives to a profile.
 *
 * @throws {FirebreakError} `file-unreadable`, or a fault of the profile about the facts of the target.
 */
export async function givenSettings(settings: Settings, profile: ProfileEntry): Promise<GivenSettings> {
  const site = settings.path("site");
  return {
    options: settings.list("profile-option"),
    site: site === undefined ? undefined : { path: site, read: (file) => readAny(join(site, file)) },
    target: await chosenFacts(settings, [profile]),
    readText: (file) => readText(settings.resolved(file)),
  };
}

/**
 * Refuses the flags of a profile, because the generic mapping has no settings.
 *
 * @throws {FirebreakError} `usage`
 */
export function refuseFlags(settings: Settings, profiles: Profiles): void {
  const flag = ["profile-option", "site"].find((name) => settings.list(name).length > 0);
  if (flag !== undefined)
    throw cliFault("usage", {
      reason: cliReason("flag-of-profile", { flag, profiles: profiles.map(({ name }) => name) }),
      command: "transform",
    });
}

/**
 * Reads the facts of the target that `inspect --target-facts` wrote. Returns undefined if no file is named.
 *
 * @param profiles the profiles of which one must take the file for its own. The first one's refusal counts.
 * @throws {FirebreakError} `file-unreadable`, or a fault of the profile.
 */
export async function chosenFacts(
  settings: Settings,
  [first, ...others]: readonly [ProfileEntry, ...ProfileEntry[]],
): Promise<TargetFacts | undefined> {
  const file = settings.path("target-facts");
  if (file === undefined) return undefined;
  const text = await readText(file);
  const { application } = await first.load();
  try {
    return application.readFacts(text);
  } catch (error) {
    for (const other of others) {
      const facts = await other.load().then(
        (profile) => profile.application.readFacts(text),
        () => undefined,
      );
      if (facts !== undefined) return facts;
    }
    throw error;
  }
}

/**
 * Refuses an application's archive if the person chose no profile. The generic mapping would make tables that
 * the application does not read. load transforms by itself, also if a transform with a profile was forgotten
 * or refused. So the person must ask for the generic mapping explicitly.
 */
async function refuseUnsaid(settings: Settings, profiles: Profiles): Promise<void> {
  const { archive } = settings;
  const { manifest } = await readSourceManifest(archive, await settings.identities());
  for (const profile of profiles) {
    const database = (await profile.load()).databaseOf(manifest.namespaces);
    if (database !== undefined)
      throw cliFault("profile-unsaid", { archive, profile: profile.name, database });
  }
}

async function readAny(file: string): Promise<string | undefined> {
  return readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
    if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
    throw cliFault("file-unreadable", { file, reason: wordsOf(error) });
  });
}

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
