import { cliReason } from "../cli-faults.ts";
import { KEYS, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import { VERSION } from "../version.ts";

const flags = {
  ...KEYS,
  out: { type: "string" },
  "delta-from": { type: "string" },
} satisfies FlagKinds;

export const compactCommand: Command<keyof typeof flags> = {
  name: "compact",
  flags,
  withoutEffect: ["yes"],
  run: async function* (settings) {
    const { compactChain } = await import("@firebreak/compact");
    const out = settings.path("out");
    if (out === undefined) throw settings.usage(cliReason("out-missing"));
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
