import { applicationOf } from "../applications.ts";
import { cliFault } from "../cli-faults.ts";
import { KEYS, MYSQL_URL, WORK, type Command } from "../command.ts";

export const inspectCommand: Command = {
  name: "inspect",
  startsOver: () => true,
  summary: "what is in an archive, or in one namespace of it; needs no database",
  flags: {
    ...WORK,
    ...KEYS,
    ...MYSQL_URL,
    "target-facts": {
      type: "string",
      describe:
        "instead: write there what tables of a MySQL database are like now, for transform --target-facts",
      conflicts: ["namespace", "grep"],
    },
    namespace: {
      type: "string",
      describe: "survey this collection (db.collection): fields, kinds, lengths, times",
    },
    grep: {
      type: "string",
      nargs: 1,
      describe: "with --namespace: print its documents that contain this text; '' for all",
    },
  },
  examples: [
    ["pnpm inspect", "what the archive in ./archive holds and where it is from"],
    ["pnpm inspect --namespace chat.messages", "what its documents are made of"],
    ['pnpm --silent inspect --namespace chat.users --grep \'"name":"Ada"\' | head', "documents, one a line"],
    [
      "pnpm inspect --target-facts facts.json --mysql-url mysql://root@127.0.0.1:3306/wfchat",
      "a few KB to carry to where transform runs",
    ],
  ],
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
