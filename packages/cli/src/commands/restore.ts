import { readSourceManifest } from "@firebreak/archive";
import { cliFault } from "../cli-faults.ts";
import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";
import { restoreToMysql } from "./restore-mysql.ts";

export const restoreCommand: Command = {
  name: "restore",
  summary: "an archive back where it came from, MongoDB or MySQL, and read back as proof",
  flags: {
    ...WORK,
    ...MYSQL_URL,
    ...KEYS,
    "mongodb-url": {
      type: "string",
      describe: "target of an archive of MongoDB, without a password; better from FIREBREAK_MONGODB_URL",
    },
    drop: { type: "boolean", describe: "drop what is in the way first; asks, unless --yes" },
    rename: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "db=db or db.collection=db.collection: restore the left one as the right one (repeatable)",
    },
    include: {
      type: "string",
      array: true,
      nargs: 1,
      describe: "only what matches this glob on the archive's db.collection (repeatable)",
    },
    exclude: { type: "string", array: true, nargs: 1, describe: "not what matches this glob (repeatable)" },
    "collation-map": {
      type: "string",
      array: true,
      nargs: 1,
      describe: "of an archive of MySQL: A=B puts the collation B in the place of A (repeatable)",
    },
    "to-dump": {
      type: "string",
      conflicts: ["drop", "rename", "dry-run", "mongodb-url", "mysql-url", "max-quarantine", "no-indexes"],
      describe: "write a folder that mongorestore takes, instead of to a server",
    },
    "max-quarantine": {
      type: "number",
      describe: "of an archive of MySQL: end when more rows than this are refused (default: 1000)",
    },
    "no-indexes": {
      type: "boolean",
      describe: "of an archive of MongoDB: documents only, without the indexes that are built afterwards",
    },
    "dry-run": { type: "boolean", describe: "check everything, write nothing" },
  },
  withoutEffect: [],
  tellsNotCarried: true,
  examples: [
    [
      "pnpm restore --mongodb-url mongodb://127.0.0.1:27017",
      "the archive in ./archive, to where it came from",
    ],
    ["pnpm restore --rename chat=chat_yesterday", "beside the databases that are there"],
    [
      "pnpm restore --include chat.users --drop --yes",
      "one collection in the place of the one that is there, without a question",
    ],
    ["pnpm restore --to-dump /backup/dump", "a folder for the stock mongorestore; no server needed"],
    [
      "pnpm restore --collation-map utf8mb4_0900_ai_ci=utf8mb4_uca1400_nopad_ai_ci",
      "an archive of MySQL into MariaDB, which lacks the left collation",
    ],
    ["pnpm restore --dry-run --archive /mnt/usb/chat", "only look whether it could be restored"],
  ],
  run: async function* (settings, ask) {
    const { archive, jobs } = settings;
    const [include, exclude] = [settings.list("include"), settings.list("exclude")];
    const folder = settings.path("to-dump");
    if (folder !== undefined) {
      settings.refuse(["collation-map"], "is for an archive of MySQL, and a dump is for MongoDB");
      const identities = await settings.identities();
      const { restoreToDump } = await import("@firebreak/restore");
      yield* restoreToDump({ archive, identities, folder, jobs, include, exclude });
      return;
    }
    const isDropping = settings.isOn("drop");
    const isDryRun = settings.isOn("dry-run");
    const isAsked = !settings.isOn("yes");
    if (isDropping && isAsked && !isDryRun && !process.stdin.isTTY)
      throw cliFault("no-terminal", { flag: "drop" });
    const kind = await kindOf(archive, await settings.identities());
    if (kind === "mysql") {
      settings.refuse(
        ["mongodb-url", "no-indexes"],
        "is for an archive of MongoDB, and this is one of MySQL",
      );
      yield* restoreToMysql(settings, ask);
      return;
    }
    if (kind !== undefined)
      settings.refuse(
        ["max-quarantine", "mysql-url", "collation-map"],
        "is for an archive of MySQL, and this is one of MongoDB",
      );
    const url = settings.mongodbUrl;
    const { restoreArchive } = await import("@firebreak/restore");
    yield* restoreArchive({
      archive,
      url,
      work: settings.work,
      jobs,
      identities: await settings.identities(),
      include,
      exclude,
      renames: settings.list("rename"),
      isDropping,
      isWithoutIndexes: settings.isOn("no-indexes"),
      isDryRun,
      confirmDrop: async (namespaces) => !isAsked || ask("drop", { namespaces }),
    });
  },
};

/** Returns the kind of an archive, or undefined if it is unreadable. Its next reader reports the reason. */
async function kindOf(
  archive: string,
  identities: readonly string[] | undefined,
): Promise<"mysql" | "mongodb" | undefined> {
  return readSourceManifest(archive, identities).then(
    ({ manifest }) => (manifest.source.kind === "mysql" ? "mysql" : "mongodb"),
    () => undefined,
  );
}
