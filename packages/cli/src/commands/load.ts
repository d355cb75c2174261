import { formatOf } from "@firebreak/archive";
import { cliFault } from "../cli-faults.ts";
import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";
import { transformCommand } from "./transform.ts";

export const loadCommand: Command = {
  name: "load",
  summary: "what transform made into MySQL or MariaDB, each part exactly once",
  flags: {
    ...MYSQL_URL,
    ...WORK,
    ...KEYS,
    to: { choices: ["mysql"], describe: "kind of the target (default: mysql)" },
    "max-quarantine": {
      type: "number",
      describe: "end the load when more rows than this are refused (default: 1000)",
    },
    "replay-quarantine": { type: "boolean", describe: "load just the rows that were refused before" },
    "dry-run": { type: "boolean", describe: "check everything, write nothing" },
  },
  examples: [
    ["pnpm load --mysql-url mysql://root@127.0.0.1:3306/chat", "the archive in ./archive into database chat"],
    ["pnpm load --replay-quarantine", "again what the server refused, once the cause is mended"],
    ["pnpm load --dry-run --archive /mnt/usb/chat", "only look whether it could be loaded"],
    ["pnpm load --archive repair", "what checksum --repair wrote: puts the rows right that differ"],
  ],
  run: async function* (settings, ask) {
    // What is wrong with the command line is said before any work is done.
    const url = settings.mysqlUrl;
    const { applyRepair, loadArchive } = await import("@firebreak/load");
    if ((await formatOf(settings.archive)) === "firebreak-repair") {
      yield* applyRepair({
        archive: settings.archive,
        url,
        jobs: settings.jobs,
        isDryRun: settings.isOn("dry-run"),
        identities: await settings.identities(),
      });
      return;
    }
    // Whoever has only copied the archive here should need no more than load and checksum.
    if (!(await settings.isTransformed())) {
      // A transform writes.
      if (settings.isOn("dry-run")) throw cliFault("not-transformed", { archive: settings.archive });
      yield* transformCommand.run(settings, ask);
    }
    yield* loadArchive({
      archive: settings.archive,
      folder: await settings.mysqlFolder(),
      url,
      jobs: settings.jobs,
      work: settings.work,
      maxQuarantine: settings.count("max-quarantine") ?? 1000,
      isReplay: settings.isOn("replay-quarantine"),
      isDryRun: settings.isOn("dry-run"),
      identities: await settings.identities(),
    });
  },
};
