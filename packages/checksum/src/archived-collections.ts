import {
  linesAccount,
  type Account,
  type MongodbManifest,
  type PartEntry,
  type SourceManifest,
} from "@firebreak/archive";
import type { OpenArchive } from "@firebreak/mongodb";

/** A collection as the archive has it, and where it should be in the target. */
export interface ArchivedCollection {
  /** The folder that its parts are in. */
  readonly archive: OpenArchive;
  readonly parts: readonly PartEntry[];
  readonly lineCount: number;
  /** Its name at the source, which reports call it by. */
  readonly source: string;
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly account: Account;
}

/** Those of an archive of MongoDB; views have no documents. */
export function sourceCollections(
  archive: OpenArchive,
  manifest: SourceManifest,
  targetDatabase: string | undefined,
): ArchivedCollection[] {
  return manifest.namespaces
    .filter((n) => n.kind !== "view")
    .map(({ namespace, database, collection, lineCount, parts }) => ({
      archive,
      parts,
      lineCount,
      source: namespace,
      ...placeOf(targetDatabase ?? database, collection),
      account: { namespace, lines: lineCount },
    }));
}

/** Those that transform made of an archive. */
export function madeCollections(
  folder: OpenArchive,
  manifest: MongodbManifest,
  targetDatabase: string | undefined,
): ArchivedCollection[] {
  return manifest.collections.map(({ namespace, database, collection, digest, parts }) => ({
    archive: folder,
    parts,
    lineCount: digest.rowCount,
    source: namespace,
    ...placeOf(targetDatabase ?? database, collection),
    account: linesAccount(manifest.namespaces.find((n) => n.namespace === namespace)!),
  }));
}

function placeOf(
  database: string,
  collection: string,
): Pick<ArchivedCollection, "namespace" | "database" | "collection"> {
  return { namespace: `${database}.${collection}`, database, collection };
}
