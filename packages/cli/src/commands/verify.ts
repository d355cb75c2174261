import { readTrustedKey } from "@firebreak/archive";
import { verifyArchive } from "@firebreak/verify";
import { KEYS, WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";

const flags = {
  ...WORK,
  ...KEYS,
  depth: { choices: ["files", "content"] },
  "trusted-key": { type: "string" },
} satisfies FlagKinds;

export const verifyCommand: Command<keyof typeof flags> = {
  name: "verify",
  startsOver: () => true,
  writesWith: [],
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const trustedKey = settings.path("trusted-key");
    yield* verifyArchive({
      archive: settings.archive,
      mysqlFolder: await settings.mysqlFolder(),
      mongodbFolder: await settings.mongodbFolder(),
      depth: settings.text("depth") === "files" ? "files" : "content",
      jobs: settings.jobs,
      identities: await settings.identities(),
      trustedKey: trustedKey === undefined ? undefined : await readTrustedKey(trustedKey),
    });
  },
};
