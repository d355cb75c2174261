import { applicationOf } from "../applications.ts";
import { cliFault } from "../cli-faults.ts";
import { KEYS, MYSQL_URL, WORK, type Command, type FlagKinds } from "../command.ts";

const flags = {
  ...WORK,
  ...KEYS,
  ...MYSQL_URL,
  "target-facts": { type: "string", conflicts: ["namespace", "grep"] },
  namespace: { type: "string" },
  grep: { type: "string", nargs: 1 },
} satisfies FlagKinds;

export const inspectCommand: Command<keyof typeof flags> = {
  name: "inspect",
  startsOver: () => true,
  flags,
  withoutEffect: ["yes"],
  // In a settings file, this names the facts that transform reads.
  commandLineOnly: ["target-facts"],
  hasOwnReport: true,
  carriesData: (settings) => settings.textOrEmpty("grep") !== undefined,
  run: async function* (settings) {
    const namespace = settings.text("namespace");
    const grep = settings.textOrEmpty("grep");
    if (grep !== undefined && namespace === undefined)
      throw cliFault("usage", { reason: "--grep needs --namespace", command: "inspect" });
    const file = settings.path("target-facts");
    if (file !== undefined) {
      const { readTargetFacts } = await import("@firebreak/profile-wildfirechat");
      const { inspectTarget } = await import("@firebreak/inspect/target-facts");
      const application = (await applicationOf("wildfirechat"))!;
      yield* inspectTarget({ url: settings.mysqlUrl, file, application, read: readTargetFacts });
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
