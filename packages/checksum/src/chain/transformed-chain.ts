import { join } from "node:path";
import { MYSQL_FOLDER, openChain, readTransformed } from "@firebreak/archive";
import type { ChecksumOptions } from "../checksum.ts";
import { checksumFault } from "../checksum-faults.ts";
import type { Manifests } from "../row-sources.ts";

/** A link of a chain, and what transform made of it. */
export interface TransformedLink {
  readonly archive: string;
  /** 0 of the full archive. */
  readonly number: number;
  /** Where transform wrote. */
  readonly folder: string;
  readonly manifests: Manifests;
}

/**
 * The chain that a delta ends, the full archive first. What transform made of a
 * link lies in its archive, or in the folder beside it that ends in `.work`.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-transformed`, or of archive.
 */
export async function transformedChain({
  archive,
  folder,
  previous,
  identities,
}: Pick<ChecksumOptions, "archive" | "folder" | "previous" | "identities">): Promise<TransformedLink[]> {
  const links: TransformedLink[] = [];
  for (const link of await openChain(archive, { previous, identities })) {
    const inWork = join(`${link.folder}.work`, MYSQL_FOLDER);
    const folders = link.folder === archive ? [folder] : [join(link.folder, MYSQL_FOLDER), inWork];
    const number = link.manifest.delta?.number ?? 0;
    for (const made of folders) {
      const mysql = await readTransformed(made, link.sha256, identities);
      if (mysql === undefined) continue;
      links.push({
        archive: link.folder,
        number,
        folder: made,
        manifests: { source: link.manifest, mysql },
      });
      break;
    }
    if (links.at(-1)?.archive !== link.folder)
      throw checksumFault("link-not-transformed", { archive: link.folder, folders });
  }
  return links;
}
