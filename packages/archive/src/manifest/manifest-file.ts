import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { sha256Of } from "../digest/sha256.ts";
import { archiveFault, diskFault } from "../archive-faults.ts";
import { reasonOf } from "../errors.ts";
import { writeDurably } from "../files/durable-file.ts";
import { fileInArchive } from "./file-path.ts";
import { mysqlManifestSchema, type MysqlManifest } from "./mysql-manifest.ts";
import { FORMAT_VERSION, type FileEntry } from "./schema-parts.ts";
import { sourceManifestSchema, type SourceManifest } from "./source-manifest.ts";

export const MANIFEST = "manifest.json";
export const CHECKSUMS = "SHA256SUMS";

/** A manifest as read, with the hash of its bytes: derived manifests name it. */
export interface ReadManifest<M> {
  readonly manifest: M;
  readonly sha256: string;
  readonly bytes: number;
}

export async function readSourceManifest(archive: string): Promise<ReadManifest<SourceManifest>> {
  const read = await readManifest(archive, "firebreak-archive", sourceManifestSchema);
  for (const file of sourceFiles(read.manifest)) fileInArchive(archive, MANIFEST, file.file);
  return read;
}

/** @param folder the archive's `mysql/`, or wherever transform was told to write. */
export async function readMysqlManifest(folder: string): Promise<ReadManifest<MysqlManifest>> {
  const read = await readManifest(folder, "firebreak-mysql", mysqlManifestSchema);
  for (const file of mysqlFiles(read.manifest)) fileInArchive(folder, MANIFEST, file.file);
  return read;
}

/** Every file a manifest answers for, but itself and `SHA256SUMS`. */
export function sourceFiles(manifest: SourceManifest): FileEntry[] {
  return manifest.namespaces.flatMap((n) => [n.metadata, ...n.parts]);
}

export function mysqlFiles(manifest: MysqlManifest): FileEntry[] {
  return [
    ...manifest.files,
    ...manifest.tables.flatMap((t) => t.parts),
    ...manifest.namespaces.flatMap((n) => n.quarantine),
  ];
}

/**
 * Writes `SHA256SUMS`, then the manifest: its presence is what makes the folder complete.
 * Until then an older manifest is gone, so that a half-replaced folder is never taken for whole.
 */
export async function writeManifest(folder: string, manifest: SourceManifest | MysqlManifest): Promise<void> {
  const content = `${JSON.stringify(manifest, undefined, 1)}\n`;
  const files = manifest.format === "firebreak-archive" ? sourceFiles(manifest) : mysqlFiles(manifest);
  await rm(join(folder, MANIFEST), { force: true });
  await writeDurably(join(folder, CHECKSUMS), checksumsText(files, sha256Of(content)));
  await writeDurably(join(folder, MANIFEST), content);
}

/** The text of `SHA256SUMS` as `sha256sum -c` takes it: the manifest first, then its files in order. */
export function checksumsText(files: readonly FileEntry[], manifestSha256: string): string {
  return [{ file: MANIFEST, sha256: manifestSha256 }, ...files]
    .map((f) => `${f.sha256}  ${f.file}\n`)
    .join("");
}

async function readManifest<S extends z.ZodType>(
  folder: string,
  format: string,
  schema: S,
): Promise<ReadManifest<z.infer<S>>> {
  const file = join(folder, MANIFEST);
  const content = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    throw error.code === "ENOENT" || error.code === "ENOTDIR"
      ? archiveFault("archive-incomplete", { archive: folder }, error)
      : diskFault(error, file);
  });
  let value: unknown;
  try {
    value = JSON.parse(content.toString("utf8"));
  } catch (error) {
    throw archiveFault("manifest-unreadable", { file, reason: reasonOf(error) }, error);
  }
  const head = z.object({ format: z.string(), formatVersion: z.number() }).safeParse(value);
  if (!head.success || head.data.format !== format) throw archiveFault("format-foreign", { file });
  if (head.data.formatVersion > FORMAT_VERSION)
    throw archiveFault("format-newer", { file, found: head.data.formatVersion, known: FORMAT_VERSION });
  const parsed = schema.safeParse(value);
  if (!parsed.success) throw archiveFault("manifest-unreadable", { file, reason: firstIssue(parsed.error) });
  return { manifest: parsed.data, sha256: sha256Of(content), bytes: content.length };
}

function firstIssue(error: z.ZodError): string {
  const [issue] = error.issues;
  return issue === undefined ? "it is not of this form" : `${issue.path.join(".")}: ${issue.message}`;
}
