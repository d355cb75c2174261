import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { KeyObject } from "node:crypto";
import { archiveFault, missingFault } from "./archive-faults.ts";
import { MONGODB_FOLDER, MYSQL_FOLDER } from "./database-kind.ts";
import { sha256Of } from "./digest/sha256.ts";
import { listFiles } from "./files/list-files.ts";
import {
  CHECKSUMS,
  hasManifest,
  listFolder,
  MANIFEST,
  readMongodbManifest,
  readMysqlManifest,
  type FolderListing,
} from "./manifest/manifest-file.ts";
import type { MongodbManifest } from "./manifest/mongodb-manifest.ts";
import type { MysqlManifest } from "./manifest/mysql-manifest.ts";
import type { FileEntry, PartEntry } from "./manifest/schema-parts.ts";
import { checksumsText } from "./manifest/write-manifest.ts";
import { checkSignature, SIGNATURE_FILE } from "./protection/signature.ts";

/**
 * Lock files that a run keeps in a folder while it writes. A run that is killed at its very end leaves them.
 */
const LOCKS = /^(?:export|transform|repair)\.lock(?:\.takeover)?$/;

/** A file of an archive: `name` is its path inside the archive, with `/`; `path` is its path on this disk. */
export interface ArchiveFile {
  readonly name: string;
  readonly path: string;
  readonly entry: FileEntry | PartEntry;
}

/** The contents of an archive by its own manifests; they are known without a key. */
export interface ArchiveContents {
  readonly source: FolderListing;
  /** The output of transform for this very archive. Undefined if there is none yet. */
  readonly mysql: FolderListing | undefined;
  readonly mongodb: FolderListing | undefined;
  /** All files, including the manifests and lists of checksums. */
  readonly files: readonly ArchiveFile[];
}

/** The folders where transform wrote. A missing one is inside the archive. */
export interface TransformedFolders {
  readonly mysqlFolder?: string | undefined;
  readonly mongodbFolder?: string | undefined;
}

/**
 * Reads the manifests of an archive, checks its signature if it has one, and refuses files that no manifest
 * names. It does not read the named files yet (`checkFile` does).
 *
 * @param folders read if they have a manifest.
 * @param trustedKey the public key that must have signed the archive.
 * @throws {FirebreakError} (exit 5) for the first fault found, naming the file.
 */
export async function readContents(
  archive: string,
  folders: TransformedFolders,
  trustedKey?: KeyObject,
): Promise<ArchiveContents> {
  const source = await listFolder(archive, "firebreak-archive");
  const signature = await checkSignature(archive, source, trustedKey);
  const files = await filesOf(archive, source, "", signature);
  const inArchive = (name: string): string => join(archive, name);
  const made: MadeFolder[] = [
    { name: MYSQL_FOLDER, path: folders.mysqlFolder ?? inArchive(MYSQL_FOLDER), format: "firebreak-mysql" },
    {
      name: MONGODB_FOLDER,
      path: folders.mongodbFolder ?? inArchive(MONGODB_FOLDER),
      format: "firebreak-mongodb",
    },
  ];
  const listings: (FolderListing | undefined)[] = [];
  for (const { path, format } of made) listings.push(await listTransformed(path, source.sha256, format));
  const inside = made.filter(({ name, path }) => path === inArchive(name)).map(({ name }) => `${name}/`);
  await refuseStrangers(archive, files, inside);
  const all = [...files];
  for (const [i, { name, path }] of made.entries()) {
    const listing = listings[i];
    if (listing === undefined) continue;
    const ofFolder = await filesOf(path, listing, `${name}/`);
    await refuseStrangers(path, ofFolder);
    all.push(...ofFolder);
  }
  return { source, mysql: listings[0], mongodb: listings[1], files: all };
}

/** A folder that transform writes, with its path. */
interface MadeFolder {
  readonly name: string;
  readonly path: string;
  readonly format: "firebreak-mysql" | "firebreak-mongodb";
}

/** Reads the contents of a repair in the same way. */
export async function readRepairContents(folder: string, trustedKey?: KeyObject): Promise<ArchiveContents> {
  const source = await listFolder(folder, "firebreak-repair");
  const signature = await checkSignature(folder, source, trustedKey);
  const files = await filesOf(folder, source, "", signature);
  await refuseStrangers(folder, files);
  return { source, mysql: undefined, mongodb: undefined, files };
}

/**
 * Reads the manifest of transform's output for this very archive. Returns undefined if there is none yet.
 *
 * @throws {FirebreakError} `transform-foreign` for rows of another archive, or any error of reading the
 * manifest.
 */
export async function readTransformed(
  mysqlFolder: string,
  sourceSha256: string,
  identities?: readonly string[],
): Promise<MysqlManifest | undefined> {
  const listing = await listTransformed(mysqlFolder, sourceSha256, "firebreak-mysql");
  if (listing === undefined) return undefined;
  await filesOf(mysqlFolder, listing, "");
  return (await readMysqlManifest(mysqlFolder, identities)).manifest;
}

/** Reads the manifest of transform's output for MongoDB in the same way. */
export async function readTransformedForMongodb(
  mongodbFolder: string,
  sourceSha256: string,
  identities?: readonly string[],
): Promise<MongodbManifest | undefined> {
  const listing = await listTransformed(mongodbFolder, sourceSha256, "firebreak-mongodb");
  if (listing === undefined) return undefined;
  await filesOf(mongodbFolder, listing, "");
  return (await readMongodbManifest(mongodbFolder, identities)).manifest;
}

async function listTransformed(
  folder: string,
  sourceSha256: string,
  format: MadeFolder["format"],
): Promise<FolderListing | undefined> {
  if (!(await hasManifest(folder))) return undefined;
  const listing = await listFolder(folder, format);
  const found = listing.sourceManifestSha256;
  if (found !== sourceSha256)
    throw archiveFault("transform-foreign", {
      file: join(folder, MANIFEST),
      expected: sourceSha256,
      found: found ?? "none",
    });
  return listing;
}

/**
 * Returns a manifest, its signature, its `SHA256SUMS` and the files it names.
 *
 * @throws {FirebreakError} if `SHA256SUMS` is missing or differs from the manifest.
 */
async function filesOf(
  folder: string,
  listing: FolderListing,
  prefix: string,
  signature?: Buffer,
): Promise<ArchiveFile[]> {
  const sums = checksumsText(listing.files, listing.sha256);
  await compareChecksums(folder, sums);
  const entries: readonly FileEntry[] = [
    ...listing.files,
    entryOf(CHECKSUMS, Buffer.from(sums)),
    ...(signature === undefined ? [] : [entryOf(SIGNATURE_FILE, signature)]),
    entryOf(MANIFEST, listing.content),
  ];
  return entries.map((entry) => ({
    name: `${prefix}${entry.file}`,
    path: join(folder, entry.file),
    entry,
  }));
}

function entryOf(file: string, content: Buffer): FileEntry {
  return { file, bytes: content.length, sha256: sha256Of(content) };
}

async function compareChecksums(folder: string, expected: string): Promise<void> {
  const file = join(folder, CHECKSUMS);
  const found = await readFile(file, "utf8").catch(missingFault(file));
  if (found !== expected)
    throw archiveFault("file-hash", { file, expected: sha256Of(expected), found: sha256Of(found) });
}

async function refuseStrangers(
  folder: string,
  known: readonly ArchiveFile[],
  except: readonly string[] = [],
): Promise<void> {
  const names = new Set(known.map((f) => f.entry.file));
  for (const file of await listFiles(folder))
    if (!names.has(file) && !LOCKS.test(file) && !except.some((prefix) => file.startsWith(prefix)))
      throw archiveFault("file-unexpected", { file: join(folder, file) });
}
