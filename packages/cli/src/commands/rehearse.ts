import { cliReason } from "../cli-faults.ts";
import { TARGET_URLS, WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { profileFlags } from "../profile-settings.ts";
import { NO_PROFILE, profileToPlan } from "../profile-to-plan.ts";
import type { Profiles } from "../profiles.ts";
import type { Settings } from "../settings.ts";
import { VERSION } from "../version.ts";

const DEFAULT_SAMPLE = "5%";

const ownFlags = {
  include: { type: "string", array: true, nargs: 1 },
  exclude: { type: "string", array: true, nargs: 1 },
  sample: { type: "string", conflicts: ["clean"] },
  clean: { type: "boolean" },
} satisfies FlagKinds;

type Flag =
  | keyof typeof TARGET_URLS
  | keyof typeof WORK
  | keyof ReturnType<typeof profileFlags>
  | keyof typeof ownFlags;

export function rehearseCommand(profiles: Profiles): Command<Flag> {
  return {
    name: "rehearse",
    startsOver: () => true,
    flags: { ...TARGET_URLS, ...WORK, ...profileFlags(profiles), ...ownFlags },
    withoutEffect: ["yes"],
    // In a settings file, this is the number of rows that checksum shows.
    commandLineOnly: ["sample"],
    run: async function* (settings) {
      const isClean = settings.isOn("clean");
      const mysqlUrl = await settings.mysqlUrl;
      const mongodbUrl = isClean ? "" : await settings.mongodbUrl;
      const part = partOf(settings);
      const { rehearse } = await import("@firebreak/plan");
      yield* rehearse({
        mongodbUrl,
        mysqlUrl,
        jobs: settings.jobs,
        version: VERSION,
        work: settings.work,
        include: settings.list("include"),
        exclude: settings.list("exclude"),
        part,
        isClean,
        ...(isClean ? NO_PROFILE : await profileToPlan(settings, profiles)),
      });
    },
  };
}

/** @throws {FirebreakError} `usage` for anything but `all` and a percentage above 0 and up to 100. */
function partOf(settings: Settings): number {
  const text = settings.text("sample") ?? DEFAULT_SAMPLE;
  if (text === "all") return 1;
  const percent = Number(/^(\d+(?:\.\d+)?)%$/.exec(text)?.[1]);
  if (!(percent > 0 && percent <= 100)) throw settings.usage(cliReason("sample-part", { given: text }));
  return percent / 100;
}
