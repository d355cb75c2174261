import {
  type ArchiveContents,
  type ArchiveFile,
  MANIFEST,
  MONGODB_FOLDER,
  MYSQL_FOLDER,
} from "@firebreak/archive";
import { bundleId, LABEL_FORMAT, LABEL_FORMAT_VERSION, MAX_VOLUMES, type LabelHead } from "./label.ts";
import { VolumeFiller } from "./volume/volume-filler.ts";
import type { PlannedVolume } from "./planned-volume.ts";

const MIB = 1 << 20;

/** The bytes that go to each volume: all facts that packing needs, from manifests alone. */
export interface BundlePlan {
  readonly head: Omit<LabelHead, "volume">;
  readonly volumes: readonly PlannedVolume[];
}

/**
 * Plans the volumes for the files of an archive, in the order of their names, the manifests last. A file that
 * does not fit goes to the next volume. Only a file that no volume could hold is cut, and its pieces fill the
 * room that is left.
 *
 * @param archive the name for the volumes: letters, digits, `_`, `-` and dots.
 * @throws {FirebreakError} `volumes-too-many`
 */
export function planBundle(
  contents: Pick<ArchiveContents, "files"> & {
    readonly source: Sha256;
    readonly mysql: Sha256 | undefined;
    readonly mongodb: Sha256 | undefined;
  },
  archive: string,
  volumeMib: number | undefined,
): BundlePlan {
  const { source, mysql, mongodb, files } = contents;
  const madeOf = {
    manifestSha256: source.sha256,
    ...(mysql === undefined ? {} : { mysqlManifestSha256: mysql.sha256 }),
    ...(mongodb === undefined ? {} : { mongodbManifestSha256: mongodb.sha256 }),
    ...(volumeMib === undefined ? {} : { volumeMib }),
  };
  const head: LabelHead = {
    format: LABEL_FORMAT,
    formatVersion: LABEL_FORMAT_VERSION,
    archive,
    bundle: bundleId(madeOf),
    ...madeOf,
    // These are the widest numbers until all volumes are known: labels must not outgrow the room kept for
    // them.
    volume: MAX_VOLUMES,
    volumeCount: MAX_VOLUMES,
    fileCount: files.length,
    fileBytes: files.reduce((sum, f) => sum + f.entry.bytes, 0),
  };
  const filler = new VolumeFiller(head, volumeMib === undefined ? Infinity : volumeMib * MIB);
  for (const file of inOrder(files)) filler.add(file);
  const { volumes } = filler;
  const known = { ...head, volumeCount: volumes.length };
  return {
    head: known,
    volumes: volumes.map((of, i) => ({ head: { ...known, volume: i + 1 }, members: of })),
  };
}

interface Sha256 {
  readonly sha256: string;
}

/**
 * Sorts files by name, with the manifests last. So a person who unpacks by hand sees a complete archive only
 * when it is one.
 */
function inOrder(files: readonly ArchiveFile[]): ArchiveFile[] {
  const rank = ({ name }: ArchiveFile): number => MANIFESTS.indexOf(name);
  return [...files].sort((a, b) => rank(a) - rank(b) || (a.name < b.name ? -1 : 1));
}

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
