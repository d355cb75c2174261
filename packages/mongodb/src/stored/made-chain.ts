import { archiveFault, FirebreakError, type MongodbManifest } from "@firebreak/archive";
import {
  holdingLinks,
  madeFolders,
  madeOfLink,
  openChain,
  type ChainOptions,
  type MadeOfLink,
} from "@firebreak/items";
import type { ArchivedLines } from "./document-differences.ts";

/** The output of transform to MongoDB for one link of a chain. */
type MadeLink = Pick<MadeOfLink<MongodbManifest>, "folder" | "manifest">;

/** The lines that a link has of a collection. */
export interface LinkLines extends ArchivedLines {
  /** The name of the link in ledgers: for a delta, the SHA-256 of its archive's manifest. */
  readonly link: string | undefined;
}

/**
 * Returns the lines of each link that still count for a collection, the oldest link first. Returns undefined
 * if an archive before a delta, or its output of transform, is not here.
 *
 * @param made the output for the archive itself, which is in `folder`.
 */
export async function madeLines(
  { archive, folder, ...options }: ChainOptions & { readonly archive: string; readonly folder: string },
  made: MongodbManifest,
  { database, collection }: { readonly database: string; readonly collection: string },
): Promise<LinkLines[] | undefined> {
  try {
    const links = made.delta === undefined ? [] : await openMadeChain(archive, made, options);
    const listed = [...links, { folder, manifest: made }].flatMap(({ folder: of, manifest }) =>
      manifest.collections
        .filter((c) => c.database === database && c.collection === collection)
        .map((entry) => ({ folder: of, manifest, entry })),
    );
    return holdingLinks(listed, ({ entry }) => entry.change).map(({ folder: of, manifest, entry }) => ({
      link: manifest.delta === undefined ? undefined : manifest.sourceManifestSha256,
      archive: { archive: of, identities: options.identities },
      parts: entry.parts,
      superseding: entry.keys ?? [],
    }));
  } catch (error) {
    if (error instanceof FirebreakError && error.code === "chain-link-missing") return undefined;
    throw error;
  }
}

/**
 * Opens the output of transform for the links before a delta, the full archive first. It looks where
 * transform writes: in each archive, or in `ARCHIVE.work`.
 *
 * @param made the output for the delta itself.
 * @throws {FirebreakError} `chain-link-missing` if an archive or its output is not there.
 */
async function openMadeChain(
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
