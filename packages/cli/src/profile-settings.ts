import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSourceManifest, reasonOf, type TargetFacts } from "@firebreak/archive";
import type { Profile } from "@firebreak/transform";
import type { FieldNames, ProfileOptions, SiteSettings } from "@firebreak/profile-wildfirechat";
import { cliFault } from "./cli-faults.ts";
import type { FlagKinds } from "./command.ts";
import type { Settings } from "./settings.ts";

export const PROFILES = ["generic", "wildfirechat"] as const;

/** Flags that choose how an application's data is mapped. */
export const PROFILE = {
  profile: { choices: PROFILES },
  "profile-option": { type: "string", array: true },
  site: { type: "string" },
  "target-facts": { type: "string" },
} satisfies FlagKinds;

/** The folders of a chat server's installation that may have its settings files: the top one, or `config`. */
const SITE_FOLDERS = [".", "config"];

/** The settings of a site that a person gave, in options and files. Undefined stands for a file not given. */
interface SaidOfProfile {
  readonly options: ProfileOptions;
  readonly names: FieldNames | undefined;
  readonly facts: TargetFacts | undefined;
  readonly site: SiteSettings | undefined;
}

/**
 * Returns the profile that a person chose for a full archive, with its settings, or undefined for the generic
 * mapping.
 *
 * @throws {FirebreakError} `usage`, `profile-unsaid`, `file-unreadable`, `site-empty`, or a fault of the
 * profile about the content of its files.
 */
export async function chosenProfile(settings: Settings): Promise<Profile | undefined> {
  const chosen = settings.choice("profile", PROFILES);
  if ((chosen ?? "generic") === "generic") {
    refuseFlags(settings);
    return chosen === undefined ? refuseUnsaid(settings) : undefined;
  }
  const { chatTargetFacts, DEFAULT_FIELD_NAMES, wildfirechat } =
    await import("@firebreak/profile-wildfirechat");
  const { options, names = DEFAULT_FIELD_NAMES, facts, site } = await saidOfProfile(settings);
  return wildfirechat({ options, names, facts: facts && chatTargetFacts(facts), site });
}

/**
 * Reads the settings of a site from the person's options and files.
 *
 * @throws {FirebreakError} `file-unreadable`, `site-empty`, or a fault of the profile about their content.
 */
export async function saidOfProfile(settings: Settings): Promise<SaidOfProfile> {
  const { readFieldNames, readProfileOptions } = await import("@firebreak/profile-wildfirechat");
  const options = readProfileOptions(settings.list("profile-option"));
  const fields = options.fieldsFile;
  const site = settings.path("site");
  return {
    options,
    names: fields === undefined ? undefined : readFieldNames(await readText(settings.resolved(fields))),
    facts: await chosenFacts(settings),
    site: site === undefined ? undefined : await siteOf(site, options.jdbcZone !== undefined),
  };
}

/**
 * Refuses the flags of a profile, because the generic mapping has no settings.
 *
 * @throws {FirebreakError} `usage`
 */
export function refuseFlags(settings: Settings): void {
  const flag = ["profile-option", "site"].find((name) => settings.list(name).length > 0);
  if (flag !== undefined)
    throw cliFault("usage", { reason: `--${flag} is for --profile wildfirechat`, command: "transform" });
}

/**
 * Reads the facts of the target that `inspect --target-facts` wrote. Returns undefined if no file is named.
 *
 * @throws {FirebreakError} `file-unreadable`, or `profile-file-invalid`.
 */
export async function chosenFacts(settings: Settings): Promise<TargetFacts | undefined> {
  const file = settings.path("target-facts");
  if (file === undefined) return undefined;
  const { readTargetFacts } = await import("@firebreak/profile-wildfirechat");
  return readTargetFacts(await readText(file));
}

/**
 * Refuses a chat server's archive if the person chose no profile. The generic mapping would make tables that
 * no chat server reads. load transforms by itself, also if a transform with a profile was forgotten or
 * refused. So the person must ask for the generic mapping explicitly.
 */
async function refuseUnsaid(settings: Settings): Promise<undefined> {
  const { archive } = settings;
  const { manifest } = await readSourceManifest(archive, await settings.identities());
  const { serverTable } = await import("@firebreak/profile-wildfirechat");
  const messages = Map.groupBy(
    manifest.namespaces.filter(({ collection }) => serverTable(collection).kind !== "other"),
    ({ database }) => database,
  );
  for (const [database, tables] of messages) {
    const kinds = new Set(tables.map(({ collection }) => serverTable(collection).kind));
    if (kinds.has("messages") && kinds.has("userMessages"))
      throw cliFault("profile-unsaid", { archive, profile: "wildfirechat", database });
  }
  return undefined;
}

/**
 * Reads the settings files of a site.
 *
 * @param isZoneSaid true if a person gave the JDBC zone. c3p0-config.xml is then ignored, even if it has
 * several zones or an invalid one.
 */
async function siteOf(folder: string, isZoneSaid: boolean): Promise<SiteSettings> {
  const { siteSettings } = await import("@firebreak/profile-wildfirechat");
  const configuration = await anyText(folder, "wildfirechat.conf");
  const c3p0 = await anyText(folder, "c3p0-config.xml");
  if (configuration === undefined && c3p0 === undefined) throw cliFault("site-empty", { folder });
  return siteSettings({
    ...(configuration === undefined ? {} : { configuration }),
    ...(c3p0 === undefined || isZoneSaid ? {} : { c3p0 }),
  });
}

async function anyText(folder: string, name: string): Promise<string | undefined> {
  for (const below of SITE_FOLDERS) {
    const file = join(folder, below, name);
    const text = await readFile(file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code === "ENOENT" || error.code === "ENOTDIR") return undefined;
      throw cliFault("file-unreadable", { file, reason: reasonOf(error) });
    });
    if (text !== undefined) return text;
  }
  return undefined;
}

async function readText(file: string): Promise<string> {
  return readFile(file, "utf8").catch((error: unknown) => {
    throw cliFault("file-unreadable", { file, reason: reasonOf(error) }, error);
  });
}
