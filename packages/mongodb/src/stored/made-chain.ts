import { archiveFault, type MongodbManifest } from "@firebreak/archive";
import { madeFolders, madeOfLink, openChain, type ChainOptions, type MadeOfLink } from "@firebreak/items";
import type { ArchivedLines } from "./document-differences.ts";

/** The output of transform to MongoDB for one link of a chain. */
export type MadeLink = Pick<MadeOfLink<MongodbManifest>, "folder" | "manifest">;

/** The lines that a link has of a collection. */
export interface LinkLines extends ArchivedLines {
  /** The name of the link in ledgers: for a delta, the SHA-256 of its archive's manifest. */
  readonly link: string | undefined;
}

/**
 * Opens the output of transform for the links before a delta, the full archive first. It looks where
 * transform writes: in each archive, or in `ARCHIVE.work`.
 *
 * @param made the output for the delta itself.
 * @throws {FirebreakError} `chain-link-missing` if an archive or its output is not there.
 */
export async function openMadeChain(
  archive: string,
  made: MongodbManifest,
  options: ChainOptions,
): Promise<MadeLink[]> {
  const links: MadeLink[] = [];
  let wanted = made.delta?.baseSha256;
  for (const link of (await openChain(archive, options)).slice(0, -1).reverse()) {
    const found = await madeOfLink("mongodb", link, options.identities);
    if (found?.sha256 !== wanted || found === undefined)
      throw archiveFault("chain-link-missing", {
        archive,
        number: made.delta?.number ?? 0,
        sha256: wanted ?? "",
        looked: madeFolders(link.folder, "mongodb").join(", "),
      });
    links.unshift(found);
    wanted = found.manifest.delta?.baseSha256;
  }
  return links;
}

/** Returns the lines of each link that still count for a collection, the oldest link first. Pure. */
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
