import { KEYS, WORK, type Command } from "../command.ts";
import { VERSION } from "../version.ts";

export const transformCommand: Command = {
  name: "transform",
  summary: "archive to MySQL-ready CSV, DDL and digests; needs no network",
  flags: {
    ...WORK,
    ...KEYS,
    profile: { choices: ["generic"], describe: "mappings to use (default: generic)" },
    to: { choices: ["mysql"], describe: "kind of the target (default: mysql)" },
  },
  examples: [
    ["pnpm transform", "the archive in ./archive"],
    ["pnpm transform --archive /mnt/usb/chat --work /var/tmp/chat", "an archive that cannot be written"],
  ],
  run: async function* (settings) {
    const { transformArchive } = await import("@firebreak/transform");
    yield* transformArchive({
      archive: settings.archive,
      folder: await settings.mysqlFolder(),
      jobs: settings.jobs,
      identities: await settings.identities(),
      version: VERSION,
    });
  },
};
