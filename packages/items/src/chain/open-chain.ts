import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import {
  archiveFault,
  formatOf,
  listFolder,
  readSourceManifest,
  type ReadManifest,
  type MysqlManifest,
  type SourceManifest,
} from "@firebreak/archive";

/** One archive of a chain: the full one, or a delta. */
export interface ChainLink extends ReadManifest<SourceManifest> {
  readonly folder: string;
}

export interface ChainOptions {
  /** The folder of the previous link. Unless given, it is looked for beside the archive. */
  readonly previous?: string | undefined;
  readonly identities?: readonly string[] | undefined;
}

/**
 * Opens the chain that ends in an archive, the full archive first; the chain of a full archive is just
 * itself. A link names the one before it by its hash, which is looked for in the folder given, then among the
 * folders beside those already found.
 *
 * @throws {FirebreakError} `chain-link-missing` if a link is in none of those folders, or any error of
 * reading a link.
 */
export async function openChain(
  archive: string,
  { previous, identities }: ChainOptions = {},
): Promise<ChainLink[]> {
  const chain = [await openLink(archive, identities)];
  const folders = previous === undefined ? [] : [previous];
  for (;;) {
    const { manifest, folder } = chain[0]!;
    if (manifest.delta === undefined) return chain;
    const wanted = manifest.delta.baseSha256;
    const found = await findLink(wanted, [...folders, ...(await foldersBeside([folder, ...folders]))]);
    if (found === undefined)
      throw archiveFault("chain-link-missing", {
        archive: folder,
        number: manifest.delta.number,
        sha256: wanted,
        looked: previous ?? dirname(folder),
      });
    chain.unshift(await openLink(found, identities));
  }
}

async function openLink(folder: string, identities: readonly string[] | undefined): Promise<ChainLink> {
  return { ...(await readSourceManifest(folder, identities)), folder };
}

async function findLink(sha256: string, folders: readonly string[]): Promise<string | undefined> {
  for (const folder of folders) {
    if ((await formatOf(folder)) !== "firebreak-archive") continue;
    const listing = await listFolder(folder, "firebreak-archive").catch(() => undefined);
    if (listing?.sha256 === sha256) return folder;
  }
  return undefined;
}

async function foldersBeside(folders: readonly string[]): Promise<string[]> {
  const parents = [...new Set(folders.map((f) => dirname(f)))];
  const found: string[] = [];
  for (const parent of parents)
    for (const entry of await readdir(parent, { withFileTypes: true }).catch(() => []))
      if (entry.isDirectory()) found.push(join(parent, entry.name));
  return found;
}

/**
 * Refuses a delta where the caller needs a whole archive.
 *
 * @throws {FirebreakError} `archive-is-delta`
 */
export function refuseDelta(manifest: SourceManifest, archive: string): void {
  if (manifest.delta !== undefined) throw archiveFault("archive-is-delta", { archive });
}

/**
 * Refuses transform's output that has another place in the chain than its archive. Callers apply or compare
 * it.
 *
 * @throws {FirebreakError} `transform-unlinked`
 */
export function refuseUnlinked(
  { delta }: Pick<SourceManifest, "delta">,
  made: Pick<MysqlManifest, "delta">,
  folder: string,
): void {
  if (delta?.chainSha256 !== made.delta?.chainSha256 || delta?.number !== made.delta?.number)
    throw archiveFault("transform-unlinked", { folder });
}
