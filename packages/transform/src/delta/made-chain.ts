import { madeOfLink, openChain, type MadeManifests, type MadeOfLink } from "@firebreak/items";
import type { Delta } from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import { transformFault } from "../transform-faults.ts";

/** The transforms of the links before a delta, the full archive first. */
export interface MadeChain<M> {
  readonly links: readonly MadeOfLink<M>[];
  /** The SHA-256 of the last link's manifest. */
  readonly baseSha256: string;
}

/**
 * Finds the transforms of the links before a delta.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-made`, or a fault of archive.
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

/** Returns the place of a delta's output in the chain of outputs. */
export function placeInChain(
  { source }: Pick<FolderTask, "source">,
  { baseSha256 }: Pick<MadeChain<unknown>, "baseSha256">,
): Omit<Delta, "by"> {
  const { chainSha256, number } = source.manifest.delta!;
  return { baseSha256, chainSha256, number };
}
