import { otherKind, readSourceManifest, type DatabaseKind, kindOfSource } from "@firebreak/archive";
import { cliFault, cliReason } from "../cli-faults.ts";
import { KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import { type FlagKinds, DEFAULTS } from "../flags.ts";
import { VERSION } from "../version.ts";

const flags = {
  ...WORK,
  ...TARGET_URLS,
  ...KEYS,
  drop: { type: "boolean" },
  rename: { type: "string", array: true, nargs: 1 },
  include: { type: "string", array: true, nargs: 1 },
  exclude: { type: "string", array: true, nargs: 1 },
  "collation-map": { type: "string", array: true, nargs: 1 },
  "to-dump": {
    type: "string",
    conflicts: ["drop", "rename", "dry-run", "max-quarantine", "no-indexes", ...Object.keys(TARGET_URLS)],
  },
  "max-quarantine": { type: "number" },
  "no-indexes": { type: "boolean" },
  "dry-run": { type: "boolean" },
} satisfies FlagKinds;

export const restoreCommand: Command<keyof typeof flags> = {
  name: "restore",
  flags,
  withoutEffect: [],
  tellsNotCarried: true,
  run: async function* (settings, ask) {
    const { archive, jobs } = settings;
    const [include, exclude] = [settings.list("include"), settings.list("exclude")];
    const folder = settings.path("to-dump");
    if (folder !== undefined) {
      settings.refuse(["collation-map"], (flag) => cliReason("collation-map-of-dump", { flag }));
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
    const confirmDrop = async (namespaces: readonly string[]): Promise<boolean> =>
      !isAsked || ask("drop", { namespaces });
    const kind = await kindOf(archive, await settings.identities());
    if (kind === "mysql") {
      settings.refuse(["mongodb-url", "mongodb-url-file", "no-indexes"], (flag) =>
        cliReason("flag-of-archive-kind", { flag, kind: otherKind(kind) }),
      );
      const mysqlUrl = await settings.mysqlUrl;
      const { restoreToMysql } = await import("@firebreak/journeys");
      yield* restoreToMysql({
        archive,
        folders: await settings.transformFolders(),
        work: settings.work,
        url: mysqlUrl,
        jobs,
        version: VERSION,
        identities: await settings.identities(),
        include,
        exclude,
        renames: settings.list("rename"),
        collations: settings.list("collation-map"),
        maxQuarantine: settings.count("max-quarantine") ?? DEFAULTS.maxQuarantine,
        isDropping,
        isDryRun,
        confirmDrop,
      });
      return;
    }
    if (kind !== undefined)
      settings.refuse(["max-quarantine", "mysql-url", "mysql-url-file", "collation-map"], (flag) =>
        cliReason("flag-of-archive-kind", { flag, kind: otherKind(kind) }),
      );
    const url = await settings.mongodbUrl;
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
      confirmDrop,
    });
  },
};

/** Returns the kind of an archive, or undefined if it is unreadable. Its next reader reports the reason. */
async function kindOf(
  archive: string,
  identities: readonly string[] | undefined,
): Promise<DatabaseKind | undefined> {
  return readSourceManifest(archive, identities).then(
    ({ manifest }) => kindOfSource(manifest),
    () => undefined,
  );
}
