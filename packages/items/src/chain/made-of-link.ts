import { join } from "node:path";
import {
  MONGODB_FOLDER,
  MYSQL_FOLDER,
  readTransformed,
  readTransformedForMongodb,
  listFolder,
  type MongodbManifest,
  type MysqlManifest,
  type ManifestFormat,
} from "@firebreak/archive";
import type { ChainLink } from "./open-chain.ts";

/** The manifests that transform makes, by the kind of target. */
export interface MadeManifests {
  readonly mysql: MysqlManifest;
  readonly mongodb: MongodbManifest;
}

/** The output of transform for one link of a chain. */
export interface MadeOfLink<M> {
  readonly folder: string;
  readonly manifest: M;
  /** The hash of the manifest. */
  readonly sha256: string;
}

interface Kind<M> {
  readonly name: string;
  readonly format: ManifestFormat;
  readonly read: (
    folder: string,
    archiveSha256: string,
    identities?: readonly string[],
  ) => Promise<M | undefined>;
}

const KINDS: { readonly [K in keyof MadeManifests]: Kind<MadeManifests[K]> } = {
  mysql: { name: MYSQL_FOLDER, format: "firebreak-mysql", read: readTransformed },
  mongodb: { name: MONGODB_FOLDER, format: "firebreak-mongodb", read: readTransformedForMongodb },
};

/**
 * Returns the folders where transform may have written: in the archive, or in the folder beside it that ends
 * in `.work`.
 */
export function madeFolders(archive: string, kind: keyof MadeManifests): string[] {
  const { name } = KINDS[kind];
  return [join(archive, name), join(`${archive}.work`, name)];
}

/**
 * Reads the manifest of transform's output in a folder. Returns undefined if the folder has none.
 *
 * @param sourceSha256 names the archive that the output is of.
 * @throws {FirebreakError} `transform-foreign` for the output of another archive, or any error of reading it.
 */
export async function readMade<K extends keyof MadeManifests>(
  kind: K,
  folder: string,
  sourceSha256: string,
  identities?: readonly string[],
): Promise<MadeManifests[K] | undefined> {
  return KINDS[kind].read(folder, sourceSha256, identities);
}

/**
 * Reads transform's output for a link. Returns undefined if none of its places has it.
 *
 * @throws {FirebreakError} `transform-foreign` for the output of another archive, or any error of reading it.
 */
export async function madeOfLink<K extends keyof MadeManifests>(
  kind: K,
  link: Pick<ChainLink, "folder" | "sha256">,
  identities?: readonly string[],
): Promise<MadeOfLink<MadeManifests[K]> | undefined> {
  for (const folder of madeFolders(link.folder, kind)) {
    const manifest = await readMade(kind, folder, link.sha256, identities);
    if (manifest === undefined) continue;
    const { sha256 } = await listFolder(folder, KINDS[kind].format);
    return { folder, manifest, sha256 };
  }
  return undefined;
}
