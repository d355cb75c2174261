import { asObject } from "../objects.ts";
import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import type { z } from "zod";
import { sha256Of } from "../digest/sha256.ts";
import { archiveFault, diskFault, archiveReason } from "../archive-faults.ts";
import { readSmallFile } from "../protection/small-file.ts";
import { fileInArchive } from "../files/safe-name.ts";
import { checkManifest, parseManifest } from "./manifest-text.ts";
import { MANIFEST_FORMATS, type ManifestFormat, type FileEntry, type PartEntry } from "./schema-parts.ts";
import { mongodbManifestSchema, type MongodbManifest } from "./mongodb-manifest.ts";
import {
  mysqlManifestSchema,
  type MysqlManifest,
  repairManifestSchema,
  type RepairManifest,
} from "./mysql-manifest.ts";
import { sealedManifestSchema, type Encryption, type SealedManifest } from "./sealed-manifest.ts";
import { sourceManifestSchema, type SourceManifest } from "./source-manifest.ts";

export const MANIFEST = "manifest.json";
export const CHECKSUMS = "SHA256SUMS";

/** The facts about a folder that are known without a key. */
export interface FolderListing {
  /** The manifest's own bytes, and their hash: derived manifests name it. */
  readonly content: Buffer;
  readonly sha256: string;
  /** Every file that the manifest lists: all but itself, its signature and `SHA256SUMS`. */
  readonly files: readonly (FileEntry | PartEntry)[];
  readonly encryption: Encryption | undefined;
  /** Lines of all namespaces, which an encrypted folder shows without a key; undefined for others. */
  readonly lineCount: number | undefined;
  /** The key that signed the manifest, as `publicKeyText` writes it. */
  readonly signedBy: string | undefined;
  /** For transform's output: the hash of the manifest of the archive it was made of. */
  readonly sourceManifestSha256: string | undefined;
}

/** The unencrypted manifest of any folder. */
export type Manifest = SourceManifest | MysqlManifest | MongodbManifest | RepairManifest;

const SCHEMAS: { readonly [F in ManifestFormat]: z.ZodType<Extract<Manifest, { format: F }>> } = {
  "firebreak-archive": sourceManifestSchema,
  "firebreak-mysql": mysqlManifestSchema,
  "firebreak-mongodb": mongodbManifestSchema,
  "firebreak-repair": repairManifestSchema,
};

export interface ReadManifest<M> extends FolderListing {
  readonly manifest: M;
}

/**
 * Reads the manifest of an archive.
 *
 * @param identities of the person, needed if the archive is encrypted.
 * @throws {FirebreakError} `archive-incomplete`, `manifest-unreadable`, `format-newer`, `key-missing`,
 * `key-wrong`, …
 */
export async function readSourceManifest(
  archive: string,
  identities?: readonly string[],
): Promise<ReadManifest<SourceManifest>> {
  return readManifest(archive, "firebreak-archive", sourceManifestSchema, identities);
}

/** @param folder the archive's `mysql/`, or another folder that transform wrote. */
export async function readMysqlManifest(
  folder: string,
  identities?: readonly string[],
): Promise<ReadManifest<MysqlManifest>> {
  return readManifest(folder, "firebreak-mysql", mysqlManifestSchema, identities);
}

/** @param folder the archive's `mongodb/`, or another folder that transform wrote. */
export async function readMongodbManifest(
  folder: string,
  identities?: readonly string[],
): Promise<ReadManifest<MongodbManifest>> {
  return readManifest(folder, "firebreak-mongodb", mongodbManifestSchema, identities);
}

/** Reads the manifest of a repair. */
export async function readRepairManifest(
  folder: string,
  identities?: readonly string[],
): Promise<ReadManifest<RepairManifest>> {
  return readManifest(folder, "firebreak-repair", repairManifestSchema, identities);
}

/**
 * Returns the format of a folder by its manifest. Undefined if it is unknown: the reader of the expected
 * format will then report the fault.
 */
export async function formatOf(folder: string): Promise<ManifestFormat | undefined> {
  try {
    const { format } = asObject(JSON.parse(await readFile(join(folder, MANIFEST), "utf8")));
    return MANIFEST_FORMATS.find((known) => known === format);
  } catch {
    return undefined;
  }
}

/**
 * Returns true if a folder has its manifest, and so is complete. A folder of that name is none: versions
 * before 0.3.0 made one for a collection of that name, and went no further.
 */
export async function hasManifest(folder: string): Promise<boolean> {
  return stat(join(folder, MANIFEST)).then(
    (found) => found.isFile(),
    () => false,
  );
}

/** Reads the facts in a folder's manifest that need no key. */
export async function listFolder(folder: string, format: ManifestFormat): Promise<FolderListing> {
  const { listing } = await readOuter(folder, format);
  return listing;
}

/** Returns every file that a manifest itself names. */
export function manifestFiles(manifest: Manifest): (FileEntry | PartEntry)[] {
  switch (manifest.format) {
    case "firebreak-archive":
      return [
        ...(manifest.databases ?? []).map((d) => d.metadata),
        ...manifest.namespaces.flatMap((n) => [
          n.metadata,
          ...n.parts,
          ...(n.deletes ?? []),
          ...(n.expired ?? []),
        ]),
      ];
    case "firebreak-mysql":
      return [
        ...manifest.files,
        ...manifest.tables.flatMap((t) => [...t.parts, ...(t.keys ?? [])]),
        ...manifest.namespaces.flatMap((n) => [...n.quarantine, ...(n.listed ?? [])]),
        ...indexFiles(manifest),
      ];
    case "firebreak-mongodb":
      return [
        ...manifest.collections.flatMap((c) => [c.metadata, ...c.parts, ...(c.keys ?? [])]),
        ...manifest.namespaces.flatMap((n) => [...n.quarantine, ...(n.listed ?? [])]),
        ...indexFiles(manifest),
      ];
    case "firebreak-repair":
      return manifest.tables.flatMap(({ keys, rows }) => (rows === undefined ? [keys] : [keys, rows]));
  }
}

function indexFiles({ lineIndex }: Pick<MysqlManifest | MongodbManifest, "lineIndex">): PartEntry[] {
  if (lineIndex === undefined) return [];
  return [
    ...lineIndex.parts.flatMap(({ documents, keys, dependents }) =>
      dependents === undefined ? [documents, keys] : [documents, keys, dependents],
    ),
    ...lineIndex.superseded,
  ];
}

async function readManifest<M extends Manifest>(
  folder: string,
  format: ManifestFormat,
  schema: z.ZodType<M>,
  identities: readonly string[] | undefined,
): Promise<ReadManifest<M>> {
  const { listing, sealed, value } = await readOuter(folder, format);
  if (sealed === undefined)
    return { ...listing, manifest: checkManifest(value, join(folder, MANIFEST), schema) };
  const file = join(folder, sealed.contents.file);
  const content = await readSmallFile(folder, sealed.contents, identities);
  const manifest = checkManifest(parseManifest(content, file, format), file, schema);
  const known = new Map(sealed.files.map((f) => [f.file, f.sha256]));
  for (const entry of manifestFiles(manifest))
    if (known.get(entry.file) !== entry.sha256)
      throw archiveFault("manifest-unreadable", {
        file,
        reason: archiveReason("manifest-lists-another", { manifest: MANIFEST, file: entry.file }),
      });
  return { ...listing, manifest };
}

/**
 * Error codes for a manifest that does not exist; a folder in its place counts as none, see `hasManifest`.
 */
const NO_MANIFEST: ReadonlySet<string> = new Set(["ENOENT", "ENOTDIR", "EISDIR"]);

interface Outer {
  readonly listing: FolderListing;
  readonly value: object;
  readonly sealed: SealedManifest | undefined;
}

async function readOuter(folder: string, format: ManifestFormat): Promise<Outer> {
  const file = join(folder, MANIFEST);
  const content = await readFile(file).catch(async (error: NodeJS.ErrnoException) => {
    if (!NO_MANIFEST.has(error.code ?? "")) throw diskFault(error, file);
    // The person did not name transform's folder, and so cannot have misspelled it.
    const isThere =
      format === "firebreak-mysql" || format === "firebreak-mongodb" || (await isFolder(folder));
    throw archiveFault(isThere ? "archive-incomplete" : "archive-missing", { archive: folder }, error);
  });
  const value = parseManifest(content, file, format);
  const sealed = "encryption" in value ? checkManifest(value, file, sealedManifestSchema) : undefined;
  const outer = sealed ?? checkManifest<Manifest>(value, file, SCHEMAS[format]);
  const files = "contents" in outer ? [outer.contents, ...outer.files] : manifestFiles(outer);
  for (const entry of files) fileInArchive(folder, MANIFEST, entry.file);
  const listing = {
    content,
    sha256: sha256Of(content),
    files,
    encryption: sealed?.encryption,
    lineCount: sealed?.lineCount,
    signedBy: outer.signedBy,
    sourceManifestSha256: "sourceManifestSha256" in outer ? outer.sourceManifestSha256 : undefined,
  };
  return { listing, value, sealed };
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (s) => s.isDirectory(),
    () => false,
  );
}
