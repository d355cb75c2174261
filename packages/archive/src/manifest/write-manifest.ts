import type { KeyObject } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../digest/sha256.ts";
import { writeDurably } from "../files/durable-file.ts";
import { writeSmallFile } from "../protection/small-file.ts";
import { publicKeyText, SIGNATURE_FILE, signatureOf } from "../protection/signature.ts";
import { CHECKSUMS, MANIFEST, manifestFiles } from "./manifest-file.ts";
import type { MysqlManifest } from "./mysql-manifest.ts";
import { FORMAT_VERSION, type FileEntry, type PartEntry } from "./schema-parts.ts";
import type { Encryption, SealedManifest } from "./sealed-manifest.ts";
import type { SourceManifest } from "./source-manifest.ts";

/** Where the whole manifest of an encrypted folder is. */
const CONTENTS = "contents.json";

/** How a folder's manifest is protected. */
export interface Protection {
  readonly encryption?: Encryption | undefined;
  readonly signingKey?: KeyObject | undefined;
  /** Files of an encrypted folder beside those that the manifest names. */
  readonly extraFiles?: readonly FileEntry[];
}

/**
 * Writes `SHA256SUMS`, then the manifest: its presence is what makes the folder complete.
 * Until then an older manifest is gone, so that a half-replaced folder is never taken for whole.
 */
export async function writeManifest(
  folder: string,
  manifest: SourceManifest | MysqlManifest,
  { encryption, signingKey, extraFiles = [] }: Protection = {},
): Promise<void> {
  for (const old of [MANIFEST, SIGNATURE_FILE]) await rm(join(folder, old), { force: true });
  const signed = signingKey === undefined ? {} : { signedBy: publicKeyText(signingKey) };
  let files = manifestFiles(manifest);
  let outer: SourceManifest | MysqlManifest | SealedManifest = { ...manifest, ...signed };
  if (encryption !== undefined) {
    const contents = await writeSmallFile(folder, CONTENTS, textOf(manifest), encryption.recipients);
    const others = [...extraFiles, ...files];
    outer = { ...sealedOf(manifest, encryption, contents, others), ...signed };
    files = [contents, ...others];
  }
  const content = textOf(outer);
  await writeDurably(join(folder, CHECKSUMS), checksumsText(files, sha256Of(content)));
  if (signingKey !== undefined)
    await writeDurably(join(folder, SIGNATURE_FILE), signatureOf(Buffer.from(content), signingKey));
  await writeDurably(join(folder, MANIFEST), content);
}

/** The text of `SHA256SUMS` as `sha256sum -c` takes it: the manifest first, then its files in order. */
export function checksumsText(files: readonly FileEntry[], manifestSha256: string): string {
  return [{ file: MANIFEST, sha256: manifestSha256 }, ...files]
    .map((f) => `${f.sha256}  ${f.file}\n`)
    .join("");
}

function sealedOf(
  manifest: SourceManifest | MysqlManifest,
  encryption: Encryption,
  contents: FileEntry,
  files: readonly (FileEntry | PartEntry)[],
): SealedManifest {
  const isArchive = manifest.format === "firebreak-archive";
  const names = isArchive ? manifest.namespaces.map((n) => n.namespace) : manifest.tables.map((t) => t.table);
  return {
    format: manifest.format,
    formatVersion: FORMAT_VERSION,
    encryption,
    ...(isArchive ? {} : { sourceManifestSha256: manifest.sourceManifestSha256 }),
    ...(encryption.names === "clear" ? { names } : {}),
    lineCount: manifest.namespaces.reduce((sum, n) => sum + n.lineCount, 0),
    contents,
    files: [...files],
  };
}

function textOf(manifest: object): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}
