import { copyFile, mkdir, readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  exists,
  IDENTITY_FILE,
  listFiles,
  MANIFEST,
  sourceDirectory,
  syncFolder,
  writeSmallFile,
  type Encryption,
  type FileEntry,
  type SourceManifest,
  type SourceNamespace,
  missingAs,
} from "@firebreak/archive";
import type { ChainLink } from "@firebreak/items";
import { exportFault } from "../export-faults.ts";
import { LOCK_FILE } from "../refuse-taken.ts";
import { makeFolder, type Destination } from "../mongodb/plan-collection.ts";

/**
 * The folder that marks an unfinished delta as Firebreak's own, and holds what does not fit in memory. It is
 * empty when the manifest is written, and removed afterwards.
 */
const SCRATCH = "delta-export.partial";

/** The state of a folder for a delta. */
export type FolderState = "new" | "unfinished" | "finished";

/**
 * Returns the state of a folder that a delta is to be written to.
 *
 * @throws {FirebreakError} `archive-exists` or `archive-folder-taken`.
 */
export async function deltaFolderState(archive: string): Promise<FolderState> {
  const names = await readdir(archive).catch(missingAs(archive, []));
  const found = names.filter((name) => !name.startsWith(LOCK_FILE));
  const isOwn = found.includes(SCRATCH);
  if (found.includes(MANIFEST)) {
    if (isOwn) return "finished";
    throw exportFault("archive-exists", { archive });
  }
  if (found.length > 0 && !isOwn) throw exportFault("archive-folder-taken", { archive, found: found[0]! });
  return isOwn ? "unfinished" : "new";
}

/** Removes the files of a delta that was cut off, and creates the scratch folder. */
export async function beginDeltaFolder(archive: string): Promise<string> {
  const scratch = join(archive, SCRATCH);
  try {
    await mkdir(scratch, { recursive: true });
    await syncFolder(archive);
    for (const name of await readdir(archive))
      if (name !== SCRATCH && !name.startsWith(LOCK_FILE)) await rm(join(archive, name), { recursive: true });
    await emptyFolder(scratch);
  } catch (error) {
    throw diskFault(error, archive);
  }
  return scratch;
}

/** Removes the files that the manifest does not name. The manifest is written after this. */
export async function tidyDeltaFolder(archive: string, manifest: SourceManifest): Promise<void> {
  await emptyFolder(join(archive, SCRATCH));
  const known = new Set([
    ...(manifest.databases ?? []).map((d) => d.metadata.file),
    ...manifest.namespaces.flatMap((n) => [
      n.metadata.file,
      ...[...n.parts, ...(n.deletes ?? []), ...(n.expired ?? [])].map((p) => p.file),
    ]),
  ]);
  for (const file of await listFiles(archive))
    if (/^(source|databases)\//.test(file) && !known.has(file)) await rm(join(archive, file));
}

export async function endDeltaFolder(archive: string): Promise<void> {
  await rm(join(archive, SCRATCH), { recursive: true, force: true });
}

/**
 * Returns the encryption of a delta: that of the link before. With a passphrase, the whole chain has one
 * identity, so that one passphrase opens all of it.
 */
export async function deltaProtection(
  archive: string,
  previous: ChainLink,
): Promise<{ encryption: Encryption | undefined; extraFiles: readonly FileEntry[] }> {
  const own = previous.files.find(({ file }) => file === IDENTITY_FILE);
  if (own !== undefined)
    await copyFile(join(previous.folder, IDENTITY_FILE), join(archive, IDENTITY_FILE)).catch(
      (error: unknown) => {
        throw diskFault(error, archive);
      },
    );
  return { encryption: previous.encryption, extraFiles: own === undefined ? [] : [own] };
}

/** Creates a namespace's folder in a delta, with its `collection.json`. */
export async function writeDefinition(
  { archive, encryption }: Destination,
  { database, collection }: Pick<SourceNamespace, "database" | "collection">,
  index: number,
  metadataText: string,
): Promise<Pick<SourceNamespace, "directory" | "metadata">> {
  const directory = sourceDirectory(encryption, { database, collection }, index);
  await makeFolder(join(archive, directory));
  const file = `${directory}/collection.json`;
  return {
    directory,
    metadata: await writeSmallFile(archive, file, metadataText, encryption?.recipients),
  };
}

async function emptyFolder(folder: string): Promise<void> {
  if (!(await exists(folder))) return;
  for (const name of await readdir(folder)) await rm(join(folder, name), { recursive: true });
}
