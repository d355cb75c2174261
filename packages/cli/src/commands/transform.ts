import { DATABASE_KINDS, type DatabaseKind } from "@firebreak/archive";
import type { Profile, TransformEvent, TransformOptions } from "@firebreak/transform";
import { cliFault, cliReason } from "../cli-faults.ts";
import { CHAIN, KEYS, WORK, type Command, type CommandEvent } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { profileOfChain, chosenFacts, chosenProfile, profileFlags } from "../profile-settings.ts";
import type { Profiles } from "../profiles.ts";
import type { Settings } from "../settings.ts";
import { isDelta, defaultKind } from "../target-kind.ts";
import { VERSION } from "../version.ts";

const ownFlags = {
  ...CHAIN,
  "keep-expired": { type: "boolean" },
  to: { choices: DATABASE_KINDS },
} satisfies FlagKinds;

type Flag =
  | keyof typeof WORK
  | keyof typeof KEYS
  | keyof ReturnType<typeof profileFlags>
  | keyof typeof ownFlags;

export function transformCommand(profiles: Profiles): Command<Flag> {
  return {
    name: "transform",
    startsOver: () => true,
    flags: { ...WORK, ...KEYS, ...profileFlags(profiles), ...ownFlags },
    withoutEffect: ["yes"],
    tellsNotCarried: true,
    run: async function* (settings) {
      if (!(await isDelta(settings))) {
        const chosen = settings.choice("to", DATABASE_KINDS);
        yield* transformOnce(settings, profiles, await chosenProfile(settings, profiles), chosen);
        return;
      }
      const to = settings.choice("to", DATABASE_KINDS) ?? (await defaultKind(settings));
      const profile = yield* profileOfChain(settings, to, profiles);
      if (profile === undefined) yield* transformOnce(settings, profiles, undefined, to);
      else yield* transformProfiled(settings, profile, to);
    },
  };
}

async function* transformProfiled(
  settings: Settings,
  profile: Profile,
  to: DatabaseKind,
): AsyncGenerator<CommandEvent> {
  if (settings.isOn("keep-expired"))
    throw cliFault("usage", {
      reason: cliReason("keep-expired-of-profile"),
      command: "transform",
    });
  const { transformDelta } = await import("@firebreak/journeys");
  yield* transformDelta({ ...(await common(settings)), profile, to, work: settings.work });
}

async function* transformOnce(
  settings: Settings,
  profiles: Profiles,
  profile: Profile | undefined,
  to: DatabaseKind | undefined,
): AsyncGenerator<TransformEvent> {
  const { transformArchive } = await import("@firebreak/transform");
  yield* transformArchive({
    ...(await common(settings)),
    profile,
    targetFacts: await chosenFacts(settings, profiles),
    keepsExpired: settings.isOn("keep-expired"),
    to,
  });
}

/** Returns the options that each way to transform takes. */
async function common(
  settings: Settings,
): Promise<Pick<TransformOptions, "archive" | "previous" | "folders" | "jobs" | "identities" | "version">> {
  return {
    archive: settings.archive,
    previous: settings.path("delta-from"),
    folders: await settings.transformFolders(),
    jobs: settings.jobs,
    identities: await settings.identities(),
    version: VERSION,
  };
}
