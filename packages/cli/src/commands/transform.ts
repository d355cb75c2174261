import type { Profile, TransformEvent } from "@firebreak/transform";
import { CHAIN, KEYS, WORK, type Command } from "../command.ts";
import { profileOfChain } from "../profile-of-chain.ts";
import { chosenFacts, chosenProfile, PROFILE } from "../profile-settings.ts";
import type { Settings } from "../settings.ts";
import { isDelta, transformByWhole } from "./transform-whole.ts";
import { defaultKind, TARGET_KINDS, type TargetKind } from "../target-kind.ts";
import { VERSION } from "../version.ts";

export const transformCommand: Command = {
  name: "transform",
  startsOver: () => true,
  summary: "archive to what the other kind of database is loaded with; needs no network",
  flags: {
    ...WORK,
    ...KEYS,
    ...PROFILE,
    ...CHAIN,
    "keep-expired": {
      type: "boolean",
      describe: "of a delta: leave rows whose documents a TTL index most likely took away",
    },
    to: {
      choices: TARGET_KINDS,
      describe:
        "kind of the target (default: of a delta that of its chain, else the other kind than the source)",
    },
  },
  withoutEffect: ["yes"],
  examples: [
    ["pnpm transform", "the archive in ./archive"],
    ["pnpm transform --archive /mnt/usb/chat --work /var/tmp/chat", "an archive that cannot be written"],
    [
      "pnpm transform --profile wildfirechat --site /opt/im --profile-option sessionTimezone=UTC",
      "a chat site's messages from MongoDB to the server's own tables in MySQL",
    ],
  ],
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
