import { readTrustedKey } from "@firebreak/archive";
import { verifyArchive, type VerifyDepth } from "@firebreak/verify";
import { KEYS, WORK, type Command } from "../command.ts";

export const verifyCommand: Command = {
  name: "verify",
  startsOver: () => true,
  summary: "every file of an archive against its manifest; needs no database",
  flags: {
    ...WORK,
    ...KEYS,
    depth: {
      choices: ["files", "content"],
      describe: "sizes and hashes of files (no key needed), or also the lines inside (default: content)",
    },
    "trusted-key": {
      type: "string",
      describe: "file with the Ed25519 public key (PEM) that must have signed it",
    },
  },
  withoutEffect: ["yes"],
  examples: [
    ["pnpm verify --archive /mnt/usb/chat", "is this copy whole?"],
    ["pnpm verify --depth files", "the same, quicker: hashes of files only"],
    [
      "pnpm verify --trusted-key office.pub --identity me.key",
      "is it the one that the office signed? Open it, too",
    ],
  ],
  run: async function* (settings) {
    const depth = (settings.text("depth") ?? "content") as VerifyDepth;
    const trustedKey = settings.path("trusted-key");
    yield* verifyArchive({
      archive: settings.archive,
      mysqlFolder: await settings.mysqlFolder(),
      mongodbFolder: await settings.mongodbFolder(),
      depth,
      jobs: settings.jobs,
      identities: await settings.identities(),
      trustedKey: trustedKey === undefined ? undefined : await readTrustedKey(trustedKey),
    });
  },
};
