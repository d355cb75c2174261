import {
  madeOfLink,
  openChain,
  type ChainLink,
  type MadeManifests,
  type MadeOfLink,
  holdingLinks,
} from "@firebreak/items";
import type { Delta, MysqlManifest, DatabaseKind } from "@firebreak/archive";
import type { FolderTask } from "../folder-task.ts";
import { transformFault } from "../transform-faults.ts";
import { nameOf, type Entry } from "../output.ts";

/** The transforms of the links before a delta, the full archive first. */
export interface MadeChain<M> {
  readonly links: readonly MadeOfLink<M>[];
  /** The SHA-256 of the last link's manifest. */
  readonly baseSha256: string;
  /** The archives of the chain, the delta last. */
  readonly archives: readonly ChainLink[];
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
  const archives = await openChain(archive, { previous, identities });
  for (const link of archives.slice(0, -1)) {
    const made = await madeOfLink(kind, link, identities);
    if (made === undefined) throw transformFault("link-not-made", { archive: link.folder, kind });
    links.push(made);
  }
  return { links, baseSha256: links.at(-1)!.sha256, archives };
}

/** Returns the place of a delta's output in the chain of outputs. */
export function placeInChain(
  { source }: Pick<FolderTask, "source">,
  { baseSha256 }: Pick<MadeChain<unknown>, "baseSha256">,
): Omit<Delta, "by"> {
  const { chainSha256, number } = source.manifest.delta!;
  return { baseSha256, chainSha256, number };
}

/** The settings by which the links before a delta were transformed. */
export type ChainProfile = Pick<MysqlManifest, "profile" | "profileFacts" | "target">;

export interface ChainProfileOptions {
  /** The folder of the delta. */
  readonly archive: string;
  readonly to: DatabaseKind;
  readonly previous?: string | undefined;
  readonly identities?: readonly string[] | undefined;
  /** The profile that the person asks for, if any. */
  readonly profile?: string | undefined;
}

/**
 * Returns the settings by which the links before a delta were transformed. They apply to the delta too.
 *
 * @throws {FirebreakError} `delta-profile` if another profile is asked for, `link-not-made`,
 * `chain-link-missing`, or a fault of archive.
 */
export async function chainProfile({
  archive,
  to,
  previous,
  identities = [],
  profile,
}: ChainProfileOptions): Promise<ChainProfile> {
  const { links } = await madeChain(to, archive, previous, identities);
  const last: ChainProfile = links.at(-1)!.manifest;
  if (profile !== undefined && profile !== last.profile)
    throw transformFault("delta-profile", { archive, profile: last.profile });
  return last;
}

/** A table or collection in one link. */
export interface LinkEntry<E> {
  readonly folder: string;
  readonly entry: E;
}

/**
 * Returns the links that hold the items of a table or collection: from the last one that has it whole or
 * drops it.
 */
export function earlierLinks<E extends Entry, M>(
  { links }: Pick<MadeChain<M>, "links">,
  entriesOf: (manifest: M) => readonly E[],
  target: E,
): readonly LinkEntry<E>[] {
  const all = links.flatMap(({ folder, manifest }) =>
    entriesOf(manifest)
      .filter((e) => nameOf(e) === nameOf(target) && e.database === target.database)
      .map((entry) => ({ folder, entry })),
  );
  return holdingLinks(all, ({ entry }) => entry.change);
}
