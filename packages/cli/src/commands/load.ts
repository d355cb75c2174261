import { formatOf } from "@firebreak/archive";
import { applicationOf } from "../applications.ts";
import { cliFault } from "../cli-faults.ts";
import { CHAIN, KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import { defaultKind, TARGET_KINDS, targetKind } from "../target-kind.ts";
import { transformCommand } from "./transform.ts";
import { isDelta } from "./transform-whole.ts";

export const loadCommand: Command = {
  name: "load",
  summary: "what transform made into MySQL, MariaDB or MongoDB, each part exactly once",
  flags: {
    ...TARGET_URLS,
    ...WORK,
    ...KEYS,
    ...CHAIN,
    to: {
      choices: TARGET_KINDS,
      describe: "kind of the target (default: what the archive was transformed for)",
    },
    "max-quarantine": {
      type: "number",
      describe: "end the load when more rows or documents than this are refused (default: 1000)",
    },
    "replay-quarantine": { type: "boolean", describe: "load just what was refused before" },
    "keep-expired": {
      type: "boolean",
      describe:
        "of a delta that is not transformed yet: leave rows whose documents a TTL index most likely took away",
    },
    merge: {
      type: "boolean",
      describe:
        "for an application's own tables: leave rows as they are that are there already, add the others",
    },
    "dry-run": { type: "boolean", describe: "check everything, write nothing" },
  },
  withoutEffect: [],
  examples: [
    ["pnpm load --mysql-url mysql://root@127.0.0.1:3306/chat", "the archive in ./archive into database chat"],
    [
      "pnpm load --to mongodb --mongodb-url mongodb://127.0.0.1:27017/chat",
      "an archive of MySQL into MongoDB's database chat",
    ],
    ["pnpm load --replay-quarantine", "again what the server refused, once the cause is mended"],
    ["pnpm load --dry-run --archive /mnt/usb/chat", "only look whether it could be loaded"],
    ["pnpm load --merge", "a chat server's rows into its tables, which have rows already"],
    ["pnpm load --archive delta-1", "what changed since, into the database that the full archive is in"],
    ["pnpm load --archive repair", "what checksum --repair wrote: puts the rows right that differ"],
  ],
  tellsNotCarried: true,
  run: async function* (settings, ask) {
    const { archive, jobs } = settings;
    const isDryRun = settings.isOn("dry-run");
    // Reading the URLs here reports a wrong command line before any work is done.
    const [mysqlUrl, mongodbUrl] = [settings.mysqlUrlIfAny, settings.mongodbUrlIfAny];
    if ((await formatOf(archive)) === "firebreak-repair") {
      settings.refuse(
        ["to", "merge", "max-quarantine", "replay-quarantine", "keep-expired", "delta-from"],
        "is for archives: a repair goes where its archive went, whole or not at all",
      );
      const { applyRepair } = await import("@firebreak/load");
      yield* applyRepair({
        archive,
        url: mysqlUrl ?? settings.mysqlUrl,
        jobs,
        isDryRun,
        identities: await settings.identities(),
      });
      return;
    }
    const kind = (await targetKind(settings, "load", "to")) ?? (await defaultKind(settings));
    const url = kind === "mysql" ? (mysqlUrl ?? settings.mysqlUrl) : (mongodbUrl ?? settings.mongodbUrl);
    if (kind === "mongodb" && settings.isOn("merge"))
      throw cliFault("usage", {
        reason: "--merge is for an application's own tables in MySQL, not for --to mongodb",
        command: "load",
      });
    // A person who copied the archive to this host should need only load and checksum.
    if (!(await settings.isTransformed(kind))) {
      // A transform would write, and a dry run must not.
      if (isDryRun) throw cliFault("not-transformed", { archive });
      yield* transformCommand.run(settings, ask);
    } else
      settings.refuse(
        ["keep-expired"],
        "comes too late, for this archive is transformed already: give it to pnpm transform",
      );
    const options = {
      archive,
      url,
      jobs,
      work: settings.work,
      maxQuarantine: settings.count("max-quarantine") ?? 1000,
      isReplay: settings.isOn("replay-quarantine"),
      isDryRun,
      identities: await settings.identities(),
    };
    if (kind === "mysql") {
      if (await isDelta(settings))
        settings.refuse(
          ["merge"],
          "is for the full archive: a delta goes into the tables that its full archive was merged into",
        );
      const { loadArchive } = await import("@firebreak/load");
      const isMerge = settings.isOn("merge");
      const mayAlter = settings.isOn("yes");
      yield* loadArchive({
        ...options,
        folder: await settings.mysqlFolder(),
        isMerge,
        mayAlter,
        applicationOf,
      });
    } else {
      const { loadDocuments } = await import("@firebreak/load/to-mongodb");
      const previous = settings.path("delta-from");
      yield* loadDocuments({ ...options, folder: await settings.mongodbFolder(), previous });
    }
  },
};
