import { join } from "node:path";
import { DATABASE_KINDS, exists, writeDurably } from "@firebreak/archive";
import { cliFault } from "../cli-faults.ts";
import { TARGET_URLS, type Command } from "../command.ts";
import { SHARED_FLAGS, type FlagKinds } from "../flags.ts";
import { askSettings, SOURCES } from "../init/ask-settings.ts";
import { settingsFiles, urlFile } from "../init/settings-files.ts";

const flags = {
  config: SHARED_FLAGS.config,
  yes: SHARED_FLAGS.yes,
  ...TARGET_URLS,
  source: { choices: SOURCES },
  dump: { type: "string" },
  to: { choices: DATABASE_KINDS },
  include: { type: "string", array: true, nargs: 1 },
  recipient: { type: "string", array: true, nargs: 1 },
} satisfies FlagKinds;

/** The JSON Schema of settings files. It is there in a checkout. */
const SCHEMA = join(import.meta.dirname, "..", "..", "..", "..", "docs", "firebreak.schema.json");

/** The permissions of a file with a password: its owner may read and write it, and nobody else. */
const OWNER_ONLY = 0o600;

export const initCommand: Command<keyof typeof flags> = {
  name: "init",
  startsOver: () => true,
  flags,
  withoutEffect: ["jobs"],
  writesConfig: true,
  run: async function* (settings, _ask, dialogue) {
    const file = settings.path("config") ?? settings.resolved("firebreak.yaml");
    const isUnasked = settings.isOn("yes");
    if (dialogue === undefined && !isUnasked) throw cliFault("init-unasked", {});
    const all = [file, ...DATABASE_KINDS.map((kind) => urlFile(file, kind))];
    for (const one of isUnasked ? [] : all)
      if (await exists(one)) throw cliFault("settings-exist", { file: one });
    const answers = yield* askSettings(settings, file, dialogue);
    const files = settingsFiles(answers, file, (await exists(SCHEMA)) ? SCHEMA : undefined);
    for (const { path, text, isSecret } of files)
      await writeDurably(path, text, isSecret ? OWNER_ONLY : undefined);
    const secrets = files.filter(({ isSecret }) => isSecret).map(({ path }) => path);
    yield { kind: "note", code: "settings-written", fields: { file, secrets } };
  },
};
