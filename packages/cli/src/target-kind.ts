import {
  kindOfSource,
  otherKind,
  hasManifest,
  readSourceManifest,
  DATABASE_KINDS,
  type DatabaseKind,
  formatOf,
} from "@firebreak/archive";
import { madeOfLink, openChain } from "@firebreak/items";
import { cliReason } from "./cli-faults.ts";
import type { Settings } from "./settings.ts";

/**
 * Returns the kind of database that a command works on: the one that the flag names, or else the one that the
 * archive was transformed for. Returns undefined if the archive is not transformed yet.
 *
 * @param flag the flag that chooses the kind.
 * @throws {FirebreakError} `usage` if the archive was transformed for both kinds, and the flag is missing.
 */
export async function targetKind(
  settings: Settings,
  flag: "to" | "against",
): Promise<DatabaseKind | undefined> {
  const said = settings.choice(flag, DATABASE_KINDS);
  if (said !== undefined) return said;
  const folders = await settings.transformFolders();
  const kinds: DatabaseKind[] = [];
  for (const kind of DATABASE_KINDS) if (await hasManifest(folders[kind])) kinds.push(kind);
  if (kinds.length > 1) throw settings.usage(cliReason("target-kinds", { folders, flag }));
  return kinds[0];
}

/**
 * Returns the kind that an archive is transformed for by default: the kind of its chain, or else the kind
 * that its source is not.
 *
 * @throws {FirebreakError} a fault of archive.
 */
export async function defaultKind(settings: Settings): Promise<DatabaseKind> {
  const identities = await settings.identities();
  const { manifest } = await readSourceManifest(settings.archive, identities);
  const other = otherKind(kindOfSource(manifest));
  // An archive of MongoDB can only be transformed for MySQL.
  if (other === "mysql" || manifest.delta === undefined) return other;
  const chain = await openChain(settings.archive, { previous: settings.path("delta-from"), identities });
  const isMade = async (kind: DatabaseKind): Promise<boolean> =>
    (await madeOfLink(kind, chain.at(-2)!, identities)) !== undefined;
  return !(await isMade(other)) && (await isMade("mysql")) ? "mysql" : other;
}

/** Returns true if an archive is a delta. A folder that is no archive is refused later, by its reader. */
export async function isDelta(settings: Settings): Promise<boolean> {
  if ((await formatOf(settings.archive)) !== "firebreak-archive") return false;
  const { manifest } = await readSourceManifest(settings.archive, await settings.identities());
  return manifest.delta !== undefined;
}
