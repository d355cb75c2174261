import { mkdir } from "node:fs/promises";
import { basename, join, relative, sep } from "node:path";
import {
  diskFault,
  eachPart,
  namespaceAccount,
  readContents,
  readSourceManifest,
  type TransformedFolders,
  checkFile,
  type ArchiveFile,
} from "@firebreak/archive";
import { bundleFault } from "./bundle-faults.ts";
import { planBundle, type BundlePlan } from "./bundle-plan.ts";
import type { PlannedMember, PlannedVolume } from "./planned-volume.ts";
import { volumeName } from "./label.ts";
import { unsealedVolumes } from "./volume/sealed-volumes.ts";
import { writeVolume } from "./volume/write-volume.ts";
import type { BundleEvent } from "./bundle-notes.ts";
import { createHash } from "node:crypto";

/**
 * The settings of a pack. Transform's folders, wherever they are, become the archive's `mysql/` and
 * `mongodb/`.
 */
export interface PackOptions extends TransformedFolders {
  readonly archive: string;
  /** The folder of the volumes; made if it does not exist. */
  readonly out: string;
  /** The greatest size of a volume in MiB; undefined for one volume of any size. */
  readonly volumeMib: number | undefined;
  readonly jobs: number;
  readonly isDryRun: boolean;
}

/**
 * Packs a complete archive into tar volumes, after checking its files against the manifests. A run after a
 * kill at any moment keeps the volumes that are sealed. The volumes have the same bytes, whatever happened.
 *
 * @throws {FirebreakError} from reading the archive or writing volumes.
 */
export async function* packArchive(options: PackOptions): AsyncGenerator<BundleEvent> {
  const { archive, out } = options;
  const contents = await readContents(archive, options);
  const plan = planBundle(contents, plainName(basename(archive)), options.volumeMib);
  const { mysqlFolder = archive, mongodbFolder = archive } = options;
  for (const folder of [archive, mysqlFolder, mongodbFolder])
    if (isInside(out, folder)) throw bundleFault("out-in-archive", { out, archive: folder });
  const figures = {
    files: plan.head.fileCount,
    bytes: plan.head.fileBytes,
    volumes: plan.volumes.length,
    out,
  };
  const unsealed = await unsealedVolumes(out, plan);
  if (options.isDryRun) {
    yield { kind: "note", code: "bundle-plan", fields: figures };
    return;
  }
  const sealed = plan.volumes.length - unsealed.length;
  if (sealed > 0)
    yield { kind: "note", code: "bundle-resumed", fields: { sealed, volumes: plan.volumes.length } };
  const hashes = yield* checkMembers(plan, unsealed, options.jobs);
  await mkdir(out, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, out);
  });
  yield* writeVolumes(out, unsealed, hashes);
  yield { kind: "note", code: "bundle-packed", fields: figures };
  // Packing an encrypted archive needs no key and shows no names.
  const isClear = contents.source.encryption === undefined;
  yield {
    kind: "account",
    accounts: isClear ? (await readSourceManifest(archive)).manifest.namespaces.map(namespaceAccount) : [],
  };
}

/** Returns the hash of each member that must be written, from one reading of its file. */
async function* checkMembers(
  plan: BundlePlan,
  unsealed: readonly PlannedVolume[],
  jobs: number,
): AsyncGenerator<BundleEvent, Map<string, string>> {
  const needed = new Set(unsealed.flatMap((v) => v.members.map((m) => m.file)));
  const byFile = new Map([...needed].map((file) => [file, [] as PlannedMember[]]));
  for (const member of plan.volumes.flatMap((v) => v.members)) byFile.get(member.file)?.push(member);
  const totalItems = [...needed].reduce((sum, f) => sum + f.entry.bytes, 0);
  const hashes = new Map<string, string>();
  let bytes = 0;
  const count = (n: number): void => void (bytes += n);
  const work = async ([file, members]: [PlannedMember["file"], PlannedMember[]]): Promise<void> => {
    const found = await hashMembers(file, members, count);
    members.forEach((m, i) => hashes.set(m.name, found[i]!));
  };
  for await (const _ of eachPart(byFile, jobs, work))
    yield { kind: "progress", stage: "verify", items: bytes, bytes, totalItems };
  return hashes;
}

/** Writes one volume after the other, so that a person can carry the first away while the next is written. */
async function* writeVolumes(
  out: string,
  volumes: readonly PlannedVolume[],
  hashes: ReadonlyMap<string, string>,
): AsyncGenerator<BundleEvent> {
  const totalItems = volumes.flatMap((v) => v.members).reduce((sum, m) => sum + m.bytes, 0);
  let bytes = 0;
  const count = (n: number): void => void (bytes += n);
  const work = (volume: PlannedVolume): Promise<void> =>
    writeVolume(join(out, volumeName(volume.head, volume.head.volume)), volume, hashes, count);
  for await (const _ of eachPart(volumes, 1, work))
    yield { kind: "progress", stage: "pack", items: bytes, bytes, totalItems };
}

/** Returns a folder's name in a form that any file system and shell accepts. */
function plainName(name: string): string {
  return (
    name
      .replace(/[^\w.-]/g, "_")
      .replace(/^[-.]+/, "")
      .slice(0, 100) || "archive"
  );
}

function isInside(path: string, folder: string): boolean {
  const way = relative(folder, path);
  return way === "" || !(way === ".." || way.startsWith(`..${sep}`));
}

/**
 * Reads a file once, proves it against its manifest, and returns the SHA-256 of each of its members.
 *
 * @param members of this file, in order, without gaps.
 * @throws {FirebreakError} any error of `checkFile`.
 */
export async function hashMembers(
  file: ArchiveFile,
  members: readonly PlannedMember[],
  count: (bytes: number) => void,
): Promise<string[]> {
  if (members.every((m) => m.piece === undefined)) {
    await checkFile(file.path, file.entry, (block) => count(block.length));
    return members.map(() => file.entry.sha256);
  }
  const hashes = members.map(() => createHash("sha256"));
  let index = 0;
  let at = 0;
  await checkFile(file.path, file.entry, (block) => {
    for (let from = 0; from < block.length;) {
      const { offset, bytes } = members[index]!;
      const to = Math.min(block.length, from + offset + bytes - at);
      hashes[index]!.update(block.subarray(from, to));
      at += to - from;
      from = to;
      if (at === offset + bytes) index++;
    }
    count(block.length);
  });
  return hashes.map((hash) => hash.digest("hex"));
}
