import { formatOf, DATABASE_KINDS } from "@firebreak/archive";
import { cliFault, cliReason } from "../cli-faults.ts";
import { CHAIN, KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import { type FlagKinds, DEFAULTS } from "../flags.ts";
import { applicationsOf, type Profiles } from "../profiles.ts";
import { defaultKind, targetKind, isDelta } from "../target-kind.ts";
import { transformCommand } from "./transform.ts";

const flags = {
  ...TARGET_URLS,
  ...WORK,
  ...KEYS,
  ...CHAIN,
  to: { choices: DATABASE_KINDS },
  "max-quarantine": { type: "number" },
  "replay-quarantine": { type: "boolean" },
  "keep-expired": { type: "boolean" },
  merge: { type: "boolean" },
  "dry-run": { type: "boolean" },
} satisfies FlagKinds;

export function loadCommand(profiles: Profiles): Command<keyof typeof flags> {
  return {
    name: "load",
    flags,
    withoutEffect: [],
    tellsNotCarried: true,
    run: async function* (settings, ask, dialogue, texts) {
      const { archive, jobs } = settings;
      const isDryRun = settings.isOn("dry-run");
      // This reports a wrong command line before any work is done.
      for (const kind of DATABASE_KINDS) settings.urls.has(kind);
      if ((await formatOf(archive)) === "firebreak-repair") {
        settings.refuse(
          ["to", "merge", "max-quarantine", "replay-quarantine", "keep-expired", "delta-from"],
          (flag) => cliReason("flag-not-for-repair", { flag }),
        );
        const { applyRepair } = await import("@firebreak/load");
        yield* applyRepair({
          archive,
          url: await settings.mysqlUrl,
          jobs,
          isDryRun,
          identities: await settings.identities(),
        });
        return;
      }
      const kind = (await targetKind(settings, "to")) ?? (await defaultKind(settings));
      const url = await (kind === "mysql" ? settings.mysqlUrl : settings.mongodbUrl);
      if (kind === "mongodb" && settings.isOn("merge")) throw settings.usage(cliReason("merge-into-mongodb"));
      // A person who copied the archive to this host should need only load and checksum.
      if (!(await settings.isTransformed(kind))) {
        // A transform would write, and a dry run must not.
        if (isDryRun) throw cliFault("not-transformed", { archive });
        yield* transformCommand(profiles).run(settings, ask, dialogue, texts);
      } else settings.refuse(["keep-expired"], (flag) => cliReason("keep-expired-late", { flag }));
      const options = {
        archive,
        jobs,
        work: settings.work,
        maxQuarantine: settings.count("max-quarantine") ?? DEFAULTS.maxQuarantine,
        isReplay: settings.isOn("replay-quarantine"),
        isDryRun,
        identities: await settings.identities(),
      };
      if (kind === "mysql" && (await isDelta(settings)))
        settings.refuse(["merge"], (flag) => cliReason("merge-of-delta", { flag }));
      const { loadArchive } = await import("@firebreak/load");
      if (kind === "mongodb") {
        const { mongodbLoadTarget } = await import("@firebreak/mongodb/target");
        const target = mongodbLoadTarget({ url, previous: settings.path("delta-from") });
        yield* loadArchive(target, { ...options, folder: await settings.mongodbFolder() });
        return;
      }
      const { mysqlLoadTarget } = await import("@firebreak/mysql/target");
      const [isMerge, mayAlter] = [settings.isOn("merge"), settings.isOn("yes")];
      const target = mysqlLoadTarget({ url, isMerge, mayAlter, applicationOf: applicationsOf(profiles) });
      yield* loadArchive(target, { ...options, folder: await settings.mysqlFolder() });
    },
  };
}
