import { readdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { archiveFault } from "../archive-faults.ts";
import { formatOf, listFolder, readSourceManifest, type ReadManifest } from "../manifest/manifest-file.ts";
import type { MysqlManifest } from "../manifest/mysql-manifest.ts";
import type { SourceManifest } from "../manifest/source-manifest.ts";

/** One archive of a chain: the full one, or a delta. */
export interface ChainLink extends ReadManifest<SourceManifest> {
  readonly folder: string;
}

export interface ChainOptions {
  /** Folder of the link before; it is looked for beside the archive unless given. */
  readonly previous?: string | undefined;
  readonly identities?: readonly string[] | undefined;
}

/**
 * The chain that an archive ends, the full archive first; of a full archive just
 * itself. Links before it are found by the hashes that name them: in the folder
 * that is given, else among the folders beside those already found.
 *
 * @throws {FirebreakError} `chain-link-missing` where a link is in none of those folders, or of archive.
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
 * For what needs a whole archive.
 *
 * @throws {FirebreakError} `archive-is-delta`
 */
export function refuseDelta(manifest: SourceManifest, archive: string): void {
  if (manifest.delta !== undefined) throw archiveFault("archive-is-delta", { archive });
}

/**
 * For whoever applies or compares what transform made.
 *
 * @throws {FirebreakError} `transform-unlinked` where that does not stand in the chain as its archive does.
 */
export function refuseUnlinked(
  { delta }: Pick<SourceManifest, "delta">,
  made: Pick<MysqlManifest, "delta">,
  folder: string,
): void {
  if (delta?.chainSha256 !== made.delta?.chainSha256 || delta?.number !== made.delta?.number)
    throw archiveFault("transform-unlinked", { folder });
}
