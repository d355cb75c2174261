import { madeOfLink, openChain, type MadeManifests, type MadeOfLink } from "@firebreak/archive";
import { transformFault } from "../transform-faults.ts";

/** What transform made of the links before a delta, the full archive first. */
export interface MadeChain<M> {
  readonly links: readonly MadeOfLink<M>[];
  /** SHA-256 of the manifest of the last of them. */
  readonly baseSha256: string;
}

/**
 * Finds what transform made of the links before a delta.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-made`, or of archive.
 */
export async function madeChain<K extends keyof MadeManifests>(
  kind: K,
  archive: string,
  previous: string | undefined,
  identities: readonly string[],
): Promise<MadeChain<MadeManifests[K]>> {
  const links: MadeOfLink<MadeManifests[K]>[] = [];
  for (const link of (await openChain(archive, { previous, identities })).slice(0, -1)) {
    const made = await madeOfLink(kind, link, identities);
    if (made === undefined) throw transformFault("link-not-made", { archive: link.folder, kind });
    links.push(made);
  }
  return { links, baseSha256: links.at(-1)!.sha256 };
}
