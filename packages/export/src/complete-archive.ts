import { rm } from "node:fs/promises";
import { join } from "node:path";
import {
  runFacts,
  listFiles,
  databaseFile,
  archiveVersionOf,
  withConsistency,
  writeManifest,
  writeSmallFile,
  type Protection,
  type SourceManifest,
  type SourceNamespace,
} from "@firebreak/archive";
import type { ExportOptions } from "./export-options.ts";
import type { ExportProgress } from "./export-progress.ts";
import type { ExportSource } from "./export-source.ts";
import { makeFolder } from "./mongodb/plan-collection.ts";

/** Writes the manifest, which makes the archive complete. */
export async function completeArchive(
  options: ExportOptions,
  source: ExportSource,
  progress: ExportProgress,
  protection: Protection,
): Promise<void> {
  const watermark = progress.closed?.watermark ?? progress.watermark;
  const facts = {
    source: { kind: source.settings.source },
    consistency: progress.closed === undefined ? source.consistency : "snapshot",
  } as const;
  const namespaces = exportedNamespaces(progress);
  const manifest: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: archiveVersionOf(false, namespaces),
    ...facts,
    ...(watermark === undefined ? {} : { watermark }),
    settings: { include: [...options.include], exclude: [...options.exclude], partMib: options.partMib },
    namespaces: withConsistency(namespaces, facts),
    ...(source.databases.length === 0
      ? {}
      : { databases: await writeDatabases(options.archive, source, protection) }),
    run: runFacts({
      startedAt: progress.startedAt,
      version: options.version,
      server: source.server,
      position: source.position,
    }),
  };
  await removeLeftovers(options.archive, manifest);
  await writeManifest(options.archive, manifest, protection);
}

/** Writes a file for each database that lists what it has besides tables. */
export async function writeDatabases(
  archive: string,
  { databases }: Pick<ExportSource, "databases">,
  { encryption }: Protection,
): Promise<NonNullable<SourceManifest["databases"]>> {
  await makeFolder(join(archive, "databases"));
  const entries: NonNullable<SourceManifest["databases"]> = [];
  for (const [i, { database, text }] of databases.entries()) {
    const file = databaseFile(encryption, database, i);
    const metadata = await writeSmallFile(archive, file, text, encryption?.recipients);
    entries.push({ database, metadata });
  }
  return entries;
}

/**
 * Returns the namespaces for the manifest. If the export was brought to one moment, these are the namespaces
 * of that moment. Otherwise they are all planned collections as they were read, even those that the source no
 * longer has.
 */
export function exportedNamespaces(progress: ExportProgress): SourceNamespace[] {
  if (progress.closed !== undefined) return [...progress.closed.namespaces];
  return progress.plans.map((plan) => {
    const { namespace, database, collection, kind, directory, hasMemberNumbers, metadata } = plan;
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
      ...(hasMemberNumbers === undefined ? {} : { hasMemberNumbers }),
      documentCount,
      lineCount,
      metadata,
      parts,
    };
  });
}

/** Deletes parts that an earlier run wrote but could not log, if this run cut the ranges differently. */
async function removeLeftovers(archive: string, manifest: SourceManifest): Promise<void> {
  const known = new Set([
    ...(manifest.databases ?? []).map((d) => d.metadata.file),
    ...manifest.namespaces.flatMap((n) => [n.metadata.file, ...n.parts.map((p) => p.file)]),
  ]);
  for (const file of await listFiles(archive))
    if (/^(source|databases)\//.test(file) && !known.has(file)) await rm(join(archive, file));
}
