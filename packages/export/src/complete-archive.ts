import { rm } from "node:fs/promises";
import { hostname } from "node:os";
import { join } from "node:path";
import {
  listFiles,
  writeManifest,
  type Protection,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import type { ExportOptions } from "./export.ts";
import type { ExportProgress } from "./export-progress.ts";
import type { ExportSource } from "./export-source.ts";

/** Writes the manifest: from then on the archive is complete. */
export async function completeArchive(
  options: ExportOptions,
  source: ExportSource,
  progress: ExportProgress,
  protection: Protection,
): Promise<void> {
  const manifest: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: source.settings.source },
    consistency: "document",
    settings: { include: [...options.include], exclude: [...options.exclude], partMib: options.partMib },
    namespaces: exportedNamespaces(progress),
    run: {
      startedAt: progress.startedAt,
      finishedAt: new Date().toISOString(),
      host: hostname(),
      firebreak: options.version,
      node: process.version,
      ...(source.server === undefined ? {} : { server: source.server }),
    },
  };
  await removeLeftovers(options.archive, manifest);
  await writeManifest(options.archive, manifest, protection);
}

/** What was read: of every collection that was planned, whether it is still at the source or not. */
export function exportedNamespaces(progress: ExportProgress): SourceNamespace[] {
  return progress.plans.map(({ namespace, database, collection, kind, directory, metadata }) => {
    const finished = progress.allFinished(namespace);
    const parts = finished.flatMap((r) => r.parts);
    const documentCount = finished.reduce((sum, r) => sum + r.documentCount, 0);
    const lineCount = parts.reduce((sum, p) => sum + p.lineCount, 0);
    return {
      namespace,
      database,
      collection,
      kind,
      directory,
      documentCount,
      lineCount,
      metadata,
      parts,
    };
  });
}

/** Parts of a run that was cut off before it could log them, where this run cut the range differently. */
async function removeLeftovers(archive: string, manifest: SourceManifest): Promise<void> {
  const known = new Set(manifest.namespaces.flatMap((n) => [n.metadata.file, ...n.parts.map((p) => p.file)]));
  for (const file of await listFiles(archive))
    if (file.startsWith("source/") && !known.has(file)) await rm(join(archive, file));
}
