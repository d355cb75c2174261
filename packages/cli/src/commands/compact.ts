import { cliFault } from "../cli-faults.ts";
import { KEYS, type Command } from "../command.ts";
import { VERSION } from "../version.ts";

export const compactCommand: Command = {
  name: "compact",
  summary: "a full archive and its deltas into one new full archive; needs no database",
  flags: {
    ...KEYS,
    out: { type: "string", describe: "folder for the new archive" },
    "delta-from": {
      type: "string",
      describe: "folder of the link before --archive, where it is not beside it",
    },
  },
  withoutEffect: ["yes"],
  examples: [
    [
      "pnpm compact --archive chat-3 --out chat-full",
      "the chain that chat-3 ends, as a fresh export would be",
    ],
  ],
  run: async function* (settings) {
    const { compactChain } = await import("@firebreak/compact");
    const out = settings.path("out");
    if (out === undefined)
      throw cliFault("usage", {
        reason: "--out names the folder that the new archive is to go to",
        command: "compact",
      });
    yield* compactChain({
      archive: settings.archive,
      previous: settings.path("delta-from"),
      out,
      jobs: settings.jobs,
      version: VERSION,
      identities: await settings.identities(),
    });
  },
};
