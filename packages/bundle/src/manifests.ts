import { MANIFEST, MONGODB_FOLDER, MYSQL_FOLDER } from "@firebreak/archive";
import type { LabelHead } from "./label.ts";

const MYSQL_MANIFEST = `${MYSQL_FOLDER}/${MANIFEST}`;
const MONGODB_MANIFEST = `${MONGODB_FOLDER}/${MANIFEST}`;

/** Files whose presence makes a folder complete, in the order in which they may get their names. */
export const MANIFESTS: readonly string[] = [MYSQL_MANIFEST, MONGODB_MANIFEST, MANIFEST];

/** Returns the manifests of a bundle, in that order, with their SHA-256. */
export function manifestsOf(head: LabelHead): [file: string, sha256: string][] {
  const { mysqlManifestSha256: mysql, mongodbManifestSha256: mongodb, manifestSha256 } = head;
  return [
    ...(mysql === undefined ? [] : [[MYSQL_MANIFEST, mysql] as [string, string]]),
    ...(mongodb === undefined ? [] : [[MONGODB_MANIFEST, mongodb] as [string, string]]),
    [MANIFEST, manifestSha256],
  ];
}
