import { WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";

const MIB = 1 << 20;

const flags = {
  ...WORK,
  "volume-mib": { type: "number" },
  out: { type: "string" },
  extract: { type: "string", conflicts: ["out", "volume-mib"] },
  "dry-run": { type: "boolean" },
} satisfies FlagKinds;

export const bundleCommand: Command<keyof typeof flags> = {
  name: "bundle",
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const { extractBundle, packArchive } = await import("@firebreak/bundle");
    const { archive, jobs } = settings;
    const isDryRun = settings.isOn("dry-run");
    const from = settings.path("extract");
    if (from !== undefined) {
      yield* extractBundle({ from, archive, jobs, isDryRun });
      return;
    }
    const volumeMib = settings.number("volume-mib");
    if (volumeMib !== undefined && (!Number.isInteger(volumeMib) || !Number.isSafeInteger(volumeMib * MIB)))
      throw settings.unfit("volume-mib", "mib");
    yield* packArchive({
      archive,
      mysqlFolder: await settings.mysqlFolder(),
      mongodbFolder: await settings.mongodbFolder(),
      out: settings.path("out") ?? `${archive}.bundle`,
      volumeMib,
      jobs,
      isDryRun,
    });
  },
};
