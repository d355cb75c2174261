import { join } from "node:path";
import {
  listFolder,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  openChain,
  readTransformed,
  readTransformedForMongodb,
  type ChainLink,
  type MongodbManifest,
  type MysqlManifest,
} from "@firebreak/archive";
import type { TargetKind } from "../transform.ts";
import { transformFault } from "../transform-faults.ts";

/** What transform made of one link of a chain. */
export interface MadeLink<M> {
  readonly folder: string;
  readonly manifest: M;
}

/** What transform made of the links before a delta, the full archive first. */
export interface MadeChain<M> {
  readonly links: readonly MadeLink<M>[];
  /** SHA-256 of the manifest of the last of them. */
  readonly baseSha256: string;
}

const KINDS = {
  mysql: { name: MYSQL_FOLDER, format: "firebreak-mysql", read: readTransformed },
  mongodb: { name: MONGODB_FOLDER, format: "firebreak-mongodb", read: readTransformedForMongodb },
} as const;

/** What of a kind of target a manifest is. */
interface Manifests {
  readonly mysql: MysqlManifest;
  readonly mongodb: MongodbManifest;
}

/**
 * Finds what transform made of the links before a delta: in each archive, or in
 * the folder beside it that ends in `.work`.
 *
 * @throws {FirebreakError} `chain-link-missing`, `link-not-made`, or of archive.
 */
export async function madeChain<K extends TargetKind>(
  kind: K,
  archive: string,
  previous: string | undefined,
  identities: readonly string[],
): Promise<MadeChain<Manifests[K]>> {
  const earlier = (await openChain(archive, { previous, identities })).slice(0, -1);
  const links: MadeLink<Manifests[K]>[] = [];
  for (const link of earlier) links.push(await madeOf(kind, link, identities));
  const { sha256 } = await listFolder(links.at(-1)!.folder, KINDS[kind].format);
  return { links, baseSha256: sha256 };
}

async function madeOf<K extends TargetKind>(
  kind: K,
  link: ChainLink,
  identities: readonly string[],
): Promise<MadeLink<Manifests[K]>> {
  const { name, read } = KINDS[kind];
  for (const folder of [join(link.folder, name), join(`${link.folder}.work`, name)]) {
    const manifest = await read(folder, link.sha256, identities);
    if (manifest !== undefined) return { folder, manifest: manifest as Manifests[K] };
  }
  throw transformFault("link-not-made", { archive: link.folder, kind });
}
