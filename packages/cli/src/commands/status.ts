import { KEYS, TARGET_URLS, WORK, type Command } from "../command.ts";
import type { Settings } from "../settings.ts";
import { TARGET_KINDS, targetKind, type TargetKind } from "../target-kind.ts";

export const statusCommand: Command = {
  name: "status",
  startsOver: () => true,
  summary: "what is exported, transformed and loaded, what is left, and how fast it goes; writes nothing",
  flags: {
    ...TARGET_URLS,
    ...WORK,
    ...KEYS,
    to: {
      choices: TARGET_KINDS,
      describe: "kind of the target (default: what the archive was transformed for, or that of the only URL)",
    },
  },
  withoutEffect: ["jobs", "yes"],
  examples: [
    ["pnpm status", "the archive in ./archive, and with FIREBREAK_MYSQL_URL the target too"],
    [
      "pnpm status --to mongodb --mongodb-url mongodb://127.0.0.1:27017/chat",
      "how far a load into MongoDB is",
    ],
    [
      "pnpm status --archive /mnt/usb/chat --mysql-url mysql://root@127.0.0.1:3306/chat",
      "how far a load is that runs elsewhere",
    ],
  ],
  hasOwnReport: true,
  onlyLooks: true,
  run: async function* (settings) {
    const urls = { mysql: settings.mysqlUrlIfAny, mongodb: settings.mongodbUrlIfAny };
    const kind = await kindOf(settings, urls);
    const { archiveStatus } = await import("@firebreak/status");
    const { archive } = settings;
    const folder = kind === "mysql" ? await settings.mysqlFolder() : await settings.mongodbFolder();
    yield* archiveStatus({ archive, kind, folder, url: urls[kind], identities: await settings.identities() });
  },
};

/**
 * Returns the kind of target to show. If the archive was transformed for both kinds, a lone URL may decide,
 * because status only reads.
 */
async function kindOf(
  settings: Settings,
  urls: Readonly<Record<TargetKind, string | undefined>>,
): Promise<TargetKind> {
  const given = TARGET_KINDS.filter((kind) => urls[kind] !== undefined);
  const said = settings.choice("to", TARGET_KINDS);
  const [only] = given.length === 1 && (await settings.isTransformed(given[0]!)) ? given : [];
  return said ?? only ?? (await targetKind(settings, "status", "to")) ?? "mysql";
}
