import type { Profile, TransformEvent, TransformOptions } from "@firebreak/transform";
import { cliFault } from "../cli-faults.ts";
import { CHAIN, KEYS, WORK, type Command, type FlagKinds } from "../command.ts";
import { profileOfChain } from "../profile-of-chain.ts";
import { chosenFacts, chosenProfile, PROFILE } from "../profile-settings.ts";
import type { Settings } from "../settings.ts";
import { isDelta } from "../is-delta.ts";
import { defaultKind, TARGET_KINDS, type TargetKind } from "../target-kind.ts";
import { VERSION } from "../version.ts";

const flags = {
  ...WORK,
  ...KEYS,
  ...PROFILE,
  ...CHAIN,
  "keep-expired": { type: "boolean" },
  to: { choices: TARGET_KINDS },
} satisfies FlagKinds;

export const transformCommand: Command<keyof typeof flags> = {
  name: "transform",
  startsOver: () => true,
  flags,
  withoutEffect: ["yes"],
  tellsNotCarried: true,
  run: async function* (settings) {
    if (!(await isDelta(settings))) {
      const chosen = settings.choice("to", TARGET_KINDS);
      yield* transformOnce(settings, await chosenProfile(settings), chosen);
      return;
    }
    const to = settings.choice("to", TARGET_KINDS) ?? (await defaultKind(settings));
    const profile = yield* profileOfChain(settings, to);
    if (profile === undefined) yield* transformOnce(settings, undefined, to);
    else {
      if (settings.isOn("keep-expired"))
        throw cliFault("usage", {
          reason: "--keep-expired is for the generic mapping: a profile makes its rows of what is there",
          command: "transform",
        });
      const { transformByWhole } = await import("@firebreak/journeys");
      yield* transformByWhole({ ...(await common(settings)), profile, to, work: settings.work });
    }
  },
};

async function* transformOnce(
  settings: Settings,
  profile: Profile | undefined,
  to: TargetKind | undefined,
): AsyncGenerator<TransformEvent> {
  const { transformArchive } = await import("@firebreak/transform");
  yield* transformArchive({
    ...(await common(settings)),
    profile,
    targetFacts: await chosenFacts(settings),
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
