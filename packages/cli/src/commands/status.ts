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
  flags,
  withoutEffect: ["jobs", "yes"],
  hasOwnReport: true,
  onlyLooks: true,
  run: async function* (settings) {
    const urls = { mysql: settings.mysqlUrlIfAny, mongodb: settings.mongodbUrlIfAny };
    const kind = await kindOf(settings, urls);
    const { archiveStatus } = await import("@firebreak/status");
    const { archive } = settings;
    const folder = kind === "mysql" ? await settings.mysqlFolder() : await settings.mongodbFolder();
    const [url, identities] = [urls[kind], await settings.identities()];
    const target = url === undefined ? undefined : await statusTarget(kind, url);
    yield* archiveStatus({ archive, kind, folder, target, identities });
  },
};

/** Returns the target, with the driver that it needs. */
async function statusTarget(kind: DatabaseKind, url: string): Promise<StatusTarget> {
  if (kind === "mysql") return (await import("@firebreak/mysql/target")).mysqlStatusTarget(url);
  return (await import("@firebreak/mongodb/target")).mongodbStatusTarget(url);
}

/**
 * Returns the kind of target to show. If the archive was transformed for both kinds, a lone URL may decide,
 * because status only reads.
 */
async function kindOf(
  settings: Settings,
  urls: Readonly<Record<DatabaseKind, string | undefined>>,
): Promise<DatabaseKind> {
  const given = DATABASE_KINDS.filter((kind) => urls[kind] !== undefined);
  const said = settings.choice("to", DATABASE_KINDS);
  const [only] = given.length === 1 && (await settings.isTransformed(given[0]!)) ? given : [];
  return said ?? only ?? (await targetKind(settings, "to")) ?? "mysql";
}
