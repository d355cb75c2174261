import { cliReason } from "../cli-faults.ts";
import type { Command } from "../command.ts";
import { DEFAULTS, type FlagKinds } from "../flags.ts";
import { moveFlags, moveSettings, NO_PROFILE, profileToPlan } from "../move-settings.ts";
import type { Profiles } from "../profiles.ts";
import type { Settings } from "../settings.ts";

const DEFAULT_SAMPLE = "5%";

const ownFlags = {
  sample: { type: "string", conflicts: ["clean"] },
  clean: { type: "boolean" },
} satisfies FlagKinds;

type Flag = keyof ReturnType<typeof moveFlags> | keyof typeof ownFlags;

export function rehearseCommand(profiles: Profiles): Command<Flag> {
  return {
    name: "rehearse",
    startsOver: () => true,
    flags: { ...moveFlags(profiles), ...ownFlags },
    withoutEffect: ["yes"],
    // A settings file has the number of rows that checksum shows under this name.
    commandLineOnly: ["sample"],
    run: async function* (settings) {
      const isClean = settings.isOn("clean");
      const part = partOf(settings);
      const move = await moveSettings(settings);
      const mongodbUrl = isClean ? "" : await settings.mongodbUrl;
      const { rehearse } = await import("@firebreak/plan");
      yield* rehearse({
        ...move,
        ...(isClean ? NO_PROFILE : await profileToPlan(settings, profiles)),
        mongodbUrl,
        part,
        isClean,
        connectionCount: DEFAULTS.connections,
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
