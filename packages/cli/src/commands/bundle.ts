import { cliFault } from "../cli-faults.ts";
import { WORK, type Command } from "../command.ts";

const MIB = 1 << 20;

export const bundleCommand: Command = {
  name: "bundle",
  summary: "an archive into tar volumes for sticks and discs, and back; needs no database",
  flags: {
    ...WORK,
    "volume-mib": {
      type: "number",
      describe: "size that no volume passes, in MiB (default: one volume of any size)",
    },
    out: { type: "string", describe: "folder for the volumes (default: ARCHIVE.bundle)" },
    extract: {
      type: "string",
      conflicts: ["out", "volume-mib"],
      describe: "unpack the volumes in this folder to --archive; again for each stick",
    },
    "dry-run": { type: "boolean", describe: "say what would be done, write nothing" },
  },
  withoutEffect: ["yes"],
  examples: [
    ["pnpm bundle --volume-mib 4000", "the archive in ./archive into ./archive.bundle, for FAT sticks"],
    ["pnpm bundle --extract /mnt/usb --archive chat", "the volumes on a stick to the folder chat"],
  ],
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
      throw cliFault("usage", { reason: "--volume-mib takes a whole number of MiB", command: "bundle" });
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
