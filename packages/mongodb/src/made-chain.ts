import { join } from "node:path";
import {
  archiveFault,
  exists,
  listFolder,
  MANIFEST,
  MONGODB_FOLDER,
  openChain,
  readMongodbManifest,
  type ChainOptions,
  type MongodbManifest,
} from "@firebreak/archive";
import type { ArchivedLines } from "./document-differences.ts";

/** What transform made for MongoDB of a link of a chain. */
export interface MadeLink {
  readonly folder: string;
  readonly manifest: MongodbManifest;
}

/** What a link has of a collection. */
export interface LinkLines extends ArchivedLines {
  /** What ledgers tell its parts by: of a delta the SHA-256 of its archive's manifest. */
  readonly link: string | undefined;
}

/**
 * What transform made of the links before a delta, the full archive's first. It is
 * looked for where transform writes: in each archive, or in `ARCHIVE.work`.
 *
 * @param made of the delta itself.
 * @throws {FirebreakError} `chain-link-missing` where an archive, or what was made of it, is not there.
 */
export async function openMadeChain(
  archive: string,
  made: MongodbManifest,
  options: ChainOptions,
): Promise<MadeLink[]> {
  const before = (await openChain(archive, options)).slice(0, -1);
  const links: MadeLink[] = [];
  let wanted = made.delta?.baseSha256;
  for (const { folder } of before.reverse()) {
    const places = [join(folder, MONGODB_FOLDER), join(`${folder}.work`, MONGODB_FOLDER)];
    const found = await madeFolder(places, wanted);
    if (found === undefined)
      throw archiveFault("chain-link-missing", {
        archive,
        number: made.delta?.number ?? 0,
        sha256: wanted ?? "",
        looked: places.join(", "),
      });
    const { manifest } = await readMongodbManifest(found, options.identities);
    links.unshift({ folder: found, manifest });
    wanted = manifest.delta?.baseSha256;
  }
  return links;
}

async function madeFolder(
  folders: readonly string[],
  sha256: string | undefined,
): Promise<string | undefined> {
  for (const folder of folders)
    if (await exists(join(folder, MANIFEST))) {
      const listing = await listFolder(folder, "firebreak-mongodb").catch(() => undefined);
      if (listing?.sha256 === sha256) return folder;
    }
  return undefined;
}

/** What links have of a collection that is not a later one's alone, the oldest first. Pure. */
export function linesOfChain(
  links: readonly MadeLink[],
  { database, collection }: { readonly database: string; readonly collection: string },
  identities: readonly string[] | undefined,
): LinkLines[] {
  let lines: LinkLines[] = [];
  for (const { folder, manifest } of links) {
    const entry = manifest.collections.find((c) => c.database === database && c.collection === collection);
    if (entry === undefined) continue;
    const own = {
      link: manifest.delta === undefined ? undefined : manifest.sourceManifestSha256,
      archive: { archive: folder, identities },
      parts: entry.parts,
      superseding: entry.keys ?? [],
    };
    if (manifest.delta === undefined || entry.change === "whole") lines = [own];
    else if (entry.change === "dropped") lines = [];
    else if (entry.change === "changed") lines.push(own);
  }
  return lines;
}
