import { DATABASE_KINDS, type DatabaseKind } from "@firebreak/archive";
import type { StatusTarget } from "@firebreak/target";
import { KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import type { FlagKinds } from "../flags.ts";
import type { Settings } from "../settings.ts";
import { targetKind } from "../target-kind.ts";

const flags = {
  ...TARGET_URLS,
  ...WORK,
  ...KEYS,
  to: { choices: DATABASE_KINDS },
} satisfies FlagKinds;

export const statusCommand: Command<keyof typeof flags> = {
  name: "status",
  startsOver: () => true,
  writesWith: [],
  flags,
  withoutEffect: ["jobs", "yes"],
  hasOwnReport: true,
  onlyLooks: true,
  run: async function* (settings) {
    const kind = await kindOf(settings);
    const { archiveStatus } = await import("@firebreak/status");
    const { archive } = settings;
    const folder = kind === "mysql" ? await settings.mysqlFolder() : await settings.mongodbFolder();
    const identities = await settings.identities();
    const target = settings.urls.has(kind) ? await statusTarget(kind, settings) : undefined;
    yield* archiveStatus({ archive, kind, folder, target, identities });
  },
};

/** Returns the target, with the driver that it needs. */
async function statusTarget(kind: DatabaseKind, settings: Settings): Promise<StatusTarget> {
  if (kind === "mysql")
    return (await import("@firebreak/mysql/target")).mysqlStatusTarget(await settings.mysqlUrl);
  return (await import("@firebreak/mongodb/target")).mongodbStatusTarget(await settings.mongodbUrl);
}

/**
 * Returns the kind of target to show. If the archive was transformed for both kinds, a lone URL may decide,
 * because status only reads.
 */
async function kindOf(settings: Settings): Promise<DatabaseKind> {
  const given = DATABASE_KINDS.filter((kind) => settings.urls.has(kind));
  const said = settings.choice("to", DATABASE_KINDS);
  const [only] = given.length === 1 && (await settings.isTransformed(given[0]!)) ? given : [];
  return said ?? only ?? (await targetKind(settings, "to")) ?? "mysql";
}
