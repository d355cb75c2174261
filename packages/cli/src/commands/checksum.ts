import { formatOf, type DatabaseKind, DATABASE_KINDS } from "@firebreak/archive";
import { cliFault } from "../cli-faults.ts";
import { cliReason } from "../cli-reasons.ts";
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
} satisfies FlagKinds;

export const checksumCommand: Command<keyof typeof flags> = {
  name: "checksum",
  startsOver: () => true,
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const { archive, work, jobs } = settings;
    const identities = await settings.identities();
    const count = settings.number("sample");
    if (count !== undefined && !Number.isInteger(count))
      throw cliFault("usage", {
        reason: cliReason("flag-takes", { flag: "sample", takes: "whole" }),
        command: "checksum",
      });
    const repairFolder = settings.path("repair");
    const [mysqlUrl, mongodbUrl] = [settings.mysqlUrlIfAny, settings.mongodbUrlIfAny];
    if ((await targetKind(settings, "checksum", "against")) === "mongodb") {
      const flag = repairFolder === undefined ? (count === undefined ? undefined : "sample") : "repair";
      if (flag !== undefined)
        throw cliFault("usage", { reason: cliReason("flag-of-mysql-target", { flag }), command: "checksum" });
      const url = mongodbUrl ?? settings.mongodbUrl;
      const folder = await settings.mongodbFolder();
      const { checksumAgainstMongodb } = await import("@firebreak/checksum");
      const previous = settings.path("delta-from");
      yield* checksumAgainstMongodb({ archive, folder, identities, work, url, previous });
      yield notCompared("mongodb");
      return;
    }
    const url = mysqlUrl ?? settings.mysqlUrl;
    const folder = await settings.mysqlFolder();
    if ((await formatOf(archive)) === "firebreak-archive" && !(await settings.isTransformed("mysql")))
      throw cliFault("not-transformed", { archive });
    const { checksumArchive, sampleRows } = await import("@firebreak/checksum");
    if (count !== undefined) yield* sampleRows({ archive, folder, work, identities, url, count });
    else {
      const repair = repairFolder === undefined ? undefined : { repairFolder, version: VERSION };
      const previous = settings.path("delta-from");
      yield* checksumArchive({ archive, folder, work, url, jobs, identities, previous, repair });
    }
    yield notCompared("mysql");
  },
};

function notCompared(target: DatabaseKind): CommandEvent {
  return { kind: "note", code: "not-compared", fields: { target } };
}
