import { formatOf, type DatabaseKind, DATABASE_KINDS } from "@firebreak/archive";
import { cliFault, cliReason } from "../cli-faults.ts";
import { CHAIN, KEYS, TARGET_URLS, WORK, type Command, type CommandEvent } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { targetKind } from "../target-kind.ts";
import { VERSION } from "../version.ts";

const flags = {
  ...TARGET_URLS,
  ...WORK,
  ...KEYS,
  ...CHAIN,
  sample: { type: "number" },
  against: { choices: DATABASE_KINDS, alias: "to" },
  repair: { type: "string", conflicts: ["sample"] },
  "since-last": { type: "boolean", conflicts: ["sample", "repair"] },
  "only-since-last": { type: "boolean", conflicts: ["sample", "repair"] },
} satisfies FlagKinds;

export const checksumCommand: Command<keyof typeof flags> = {
  name: "checksum",
  startsOver: () => true,
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const { archive, work, jobs } = settings;
    const identities = await settings.identities();
    const count = settings.whole("sample");
    const [repairFolder, previous] = [settings.path("repair"), settings.path("delta-from")];
    // This reports a wrong command line before any work is done.
    for (const kind of DATABASE_KINDS) settings.urls.has(kind);
    if ((await targetKind(settings, "against")) === "mongodb") {
      settings.refuse(["since-last", "only-since-last"], (flag) =>
        cliReason("flag-of-mysql-target", { flag }),
      );
      const flag = repairFolder === undefined ? (count === undefined ? undefined : "sample") : "repair";
      if (flag !== undefined) throw settings.usage(cliReason("flag-of-mysql-target", { flag }));
      const { checksumArchive } = await import("@firebreak/checksum");
      const { mongodbChecksumTarget } = await import("@firebreak/mongodb/target");
      const target = mongodbChecksumTarget({ url: await settings.mongodbUrl });
      const folder = await settings.mongodbFolder();
      yield* checksumArchive(target, { archive, folder, work, jobs, identities, previous });
      yield notCompared("mongodb");
      return;
    }
    const url = await settings.mysqlUrl;
    const folder = await settings.mysqlFolder();
    if ((await formatOf(archive)) === "firebreak-archive" && !(await settings.isTransformed("mysql")))
      throw cliFault("not-transformed", { archive });
    const { checksumArchive, sampleRows } = await import("@firebreak/checksum");
    const { mysqlChecksumTarget } = await import("@firebreak/mysql/target");
    const repair = repairFolder === undefined ? undefined : { repairFolder, version: VERSION };
    const sinceLast = settings.isOn("only-since-last")
      ? "only"
      : settings.isOn("since-last")
        ? "preferred"
        : undefined;
    const target = mysqlChecksumTarget({ url, repair, sinceLast });
    const options = { archive, folder, work, jobs, identities, previous };
    yield* count === undefined ? checksumArchive(target, options) : sampleRows(target, { ...options, count });
    yield notCompared("mysql");
  },
};

function notCompared(target: DatabaseKind): CommandEvent {
  return { kind: "note", code: "not-compared", fields: { target } };
}
