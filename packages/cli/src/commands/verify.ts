import { verifyArchive, type VerifyDepth } from "@firebreak/archive";
import { WORK, type Command } from "../command.ts";

export const verifyCommand: Command = {
  name: "verify",
  summary: "every file of an archive against its manifest; needs no database",
  flags: {
    ...WORK,
    depth: {
      choices: ["files", "content"],
      describe: "sizes and hashes of files, or also the lines inside (default: content)",
    },
  },
  examples: [
    ["pnpm verify --archive /mnt/usb/chat", "is this copy whole?"],
    ["pnpm verify --depth files", "the same, quicker: hashes of files only"],
  ],
  run: async function* (settings) {
    const depth = (settings.text("depth") ?? "content") as VerifyDepth;
    yield* verifyArchive(settings.archive, await settings.mysqlFolder(), depth, settings.jobs);
  },
};
