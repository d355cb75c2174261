import { madeFolders, madeOfLink, openChain, type ChainLink, type MadeOfLink } from "@firebreak/items";
import { readTransformed, type MysqlManifest } from "@firebreak/archive";
import type { ChecksumOptions } from "../checksum-options.ts";
import { checksumFault } from "../checksum-faults.ts";
import type { TransformedLink } from "../rows/expected-row.ts";

/**
 * Opens the chain that ends with a delta, the full archive first. The transform of a link is in its archive,
 * or in the folder beside it whose name ends in `.work`.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-transformed`, or a fault of archive.
 */
export async function transformedChain({
  archive,
  folder,
  previous,
  identities,
}: Pick<ChecksumOptions, "archive" | "folder" | "previous" | "identities">): Promise<TransformedLink[]> {
  const links: TransformedLink[] = [];
  for (const link of await openChain(archive, { previous, identities })) {
    const number = link.manifest.delta?.number ?? 0;
    const made =
      link.folder === archive
        ? await madeHere(folder, link, identities)
        : await madeOfLink("mysql", link, identities);
    if (made === undefined) {
      const folders = link.folder === archive ? [folder] : madeFolders(link.folder, "mysql");
      throw checksumFault("link-not-transformed", { archive: link.folder, folders });
    }
    const manifests = { source: link.manifest, mysql: made.manifest };
    links.push({ archive: link.folder, number, folder: made.folder, manifests });
  }
  return links;
}

async function madeHere(
  folder: string,
  { sha256 }: Pick<ChainLink, "sha256">,
  identities: readonly string[] | undefined,
): Promise<Pick<MadeOfLink<MysqlManifest>, "folder" | "manifest"> | undefined> {
  const manifest = await readTransformed(folder, sha256, identities);
  return manifest === undefined ? undefined : { folder, manifest };
}
