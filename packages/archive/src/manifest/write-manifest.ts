import type { KeyObject } from "node:crypto";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { sha256Of } from "../digest/sha256.ts";
import { writeDurably } from "../files/durable-file.ts";
import { killPoint } from "../kill-point.ts";
import { writeSmallFile } from "../protection/small-file.ts";
import { publicKeyText, SIGNATURE_FILE, signatureOf } from "../protection/signature.ts";
import { CHECKSUMS, MANIFEST, manifestFiles, type Manifest } from "./manifest-file.ts";
import type { FileEntry, PartEntry, Run } from "./schema-parts.ts";
import type { Encryption, SealedManifest } from "./sealed-manifest.ts";
import { hostname } from "node:os";

/** The file with the whole manifest of an encrypted folder. */
const CONTENTS = "contents.json";

/** The encryption and signature of a folder's manifest. */
export interface Protection {
  readonly encryption?: Encryption | undefined;
  readonly signingKey?: KeyObject | undefined;
  /** Files of an encrypted folder besides those that the manifest names. */
  readonly extraFiles?: readonly FileEntry[];
}

/**
 * Writes `SHA256SUMS`, then the manifest, whose presence makes the folder complete. It first deletes an older
 * manifest, so that a half-replaced folder never counts as complete.
 */
export async function writeManifest(
  folder: string,
  manifest: Manifest,
  { encryption, signingKey, extraFiles = [] }: Protection = {},
): Promise<void> {
  for (const old of [MANIFEST, SIGNATURE_FILE]) await rm(join(folder, old), { force: true });
  const signed = signingKey === undefined ? {} : { signedBy: publicKeyText(signingKey) };
  let files = manifestFiles(manifest);
  let outer: Manifest | SealedManifest = { ...manifest, ...signed };
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
  killPoint("checksums-written");
  await writeDurably(join(folder, MANIFEST), content);
  killPoint("manifest-written");
}

/** Returns the text of `SHA256SUMS` for `sha256sum -c`: the manifest first, then its files in order. */
export function checksumsText(files: readonly FileEntry[], manifestSha256: string): string {
  return [{ file: MANIFEST, sha256: manifestSha256 }, ...files]
    .map((f) => `${f.sha256}  ${f.file}\n`)
    .join("");
}

function sealedOf(
  manifest: Manifest,
  encryption: Encryption,
  contents: FileEntry,
  files: readonly (FileEntry | PartEntry)[],
): SealedManifest {
  const { names, lineCount, ...madeOf } = visibleOf(manifest);
  return {
    format: manifest.format,
    formatVersion: manifest.formatVersion,
    encryption,
    ...madeOf,
    ...(encryption.names === "clear" ? { names } : {}),
    lineCount,
    contents,
    files: [...files],
  };
}

/** Returns the facts of a manifest that are visible without a key, besides its files. */
function visibleOf(
  manifest: Manifest,
): Pick<SealedManifest, "names" | "lineCount" | "sourceManifestSha256" | "mysqlManifestSha256"> {
  const sum = (counted: readonly { readonly lineCount: number }[]): number =>
    counted.reduce((total, { lineCount }) => total + lineCount, 0);
  switch (manifest.format) {
    case "firebreak-archive":
      return { names: manifest.namespaces.map((n) => n.namespace), lineCount: sum(manifest.namespaces) };
    case "firebreak-mysql":
      return {
        sourceManifestSha256: manifest.sourceManifestSha256,
        names: manifest.tables.map((t) => t.table),
        lineCount: sum(manifest.namespaces),
      };
    case "firebreak-mongodb":
      return {
        sourceManifestSha256: manifest.sourceManifestSha256,
        names: manifest.collections.map((c) => c.collection),
        lineCount: sum(manifest.namespaces),
      };
    case "firebreak-repair":
      return {
        mysqlManifestSha256: manifest.mysqlManifestSha256,
        names: manifest.tables.map((t) => t.table.table),
        lineCount: sum(manifest.tables.flatMap(({ rows }) => rows ?? [])),
      };
  }
}

function textOf(manifest: object): string {
  return `${JSON.stringify(manifest, undefined, 1)}\n`;
}

/** Returns the facts of a run that ends now, for its manifest. */
export function runFacts({
  startedAt,
  version,
  server,
  position,
}: {
  readonly startedAt: string;
  /** The version of Firebreak. */
  readonly version: string;
  readonly server?: string | undefined;
  readonly position?: string | undefined;
}): Run {
  return {
    startedAt,
    finishedAt: new Date().toISOString(),
    host: hostname(),
    firebreak: version,
    node: process.version,
    ...(server === undefined ? {} : { server }),
    ...(position === undefined ? {} : { position }),
  };
}
