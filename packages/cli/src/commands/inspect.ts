import { cliReason } from "../cli-faults.ts";
import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import type { Profiles } from "../profiles.ts";

const flags = {
  ...WORK,
  ...KEYS,
  ...MYSQL_URL,
  "target-facts": { type: "string", conflicts: ["namespace", "grep"] },
  namespace: { type: "string" },
  grep: { type: "string", nargs: 1 },
} satisfies FlagKinds;

export function inspectCommand(profiles: Profiles): Command<keyof typeof flags> {
  return {
    name: "inspect",
    startsOver: () => true,
    writesWith: ["target-facts"],
    flags,
    withoutEffect: ["yes"],
    // In a settings file, this names the facts that transform reads.
    commandLineOnly: ["target-facts"],
    hasOwnReport: true,
    carriesData: (settings) => settings.textOrEmpty("grep") !== undefined,
    run: async function* (settings) {
      const namespace = settings.text("namespace");
      const grep = settings.textOrEmpty("grep");
      if (grep !== undefined && namespace === undefined) throw settings.usage(cliReason("grep-alone"));
      const file = settings.path("target-facts");
      if (file !== undefined) {
        const { inspectTarget } = await import("@firebreak/inspect/target-facts");
        const [first, ...others] = profiles;
        const applications = [
          (await first.load()).application,
          ...(await Promise.all(others.map(async (one) => (await one.load()).application))),
        ] as const;
        yield* inspectTarget({ url: await settings.mysqlUrl, file, applications });
        return;
      }
      const { archive, jobs } = settings;
      const { inspectArchive } = await import("@firebreak/inspect");
      yield* inspectArchive({
        archive,
        mysqlFolder: await settings.mysqlFolder(),
        mongodbFolder: await settings.mongodbFolder(),
        namespace,
        grep,
        jobs,
        identities: await settings.identities(),
      });
    },
  };
}
