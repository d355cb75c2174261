import type { Profile, TransformEvent } from "@firebreak/transform";
import { CHAIN, KEYS, WORK, type Command, type FlagKinds } from "../command.ts";
import { profileOfChain } from "../profile-of-chain.ts";
import { chosenFacts, chosenProfile, PROFILE } from "../profile-settings.ts";
import type { Settings } from "../settings.ts";
import { isDelta, transformByWhole } from "./transform-whole.ts";
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
    yield* profile === undefined
      ? transformOnce(settings, undefined, to)
      : transformByWhole(settings, profile, to);
  },
};

async function* transformOnce(
  settings: Settings,
  profile: Profile | undefined,
  to: TargetKind | undefined,
): AsyncGenerator<TransformEvent> {
  const { transformArchive } = await import("@firebreak/transform");
  yield* transformArchive({
    profile,
    targetFacts: await chosenFacts(settings),
    archive: settings.archive,
    previous: settings.path("delta-from"),
    keepsExpired: settings.isOn("keep-expired"),
    to,
    folders: { mysql: await settings.mysqlFolder(), mongodb: await settings.mongodbFolder() },
    jobs: settings.jobs,
    identities: await settings.identities(),
    version: VERSION,
  });
}
