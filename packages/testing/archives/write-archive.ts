import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  safeName,
  sha256Of,
  writeDurably,
  writeManifest,
  type PartEntry,
  type SourceManifest,
  type SourceNamespace,
  PartWriter,
} from "@firebreak/archive";

export interface CollectionRecipe {
  /** The name of a collection in database `db`. */
  readonly collection: string;
  readonly kind?: SourceNamespace["kind"];
  /** Canonical Extended JSON, as export writes it. */
  readonly options?: string;
  readonly indexes?: readonly string[];
  /** The lines of each part, without their ends. */
  readonly parts: readonly Iterable<string>[];
}

/** Writes a complete archive as export would, without a database. */
export async function writeArchive(
  archive: string,
  collections: readonly CollectionRecipe[],
): Promise<SourceManifest> {
  const namespaces: SourceNamespace[] = [];
  for (const recipe of collections) namespaces.push(await writeCollection(archive, recipe));
  const manifest: SourceManifest = {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mongodb" },
    consistency: "document",
    settings: { include: ["db.*"], exclude: [], partMib: 64 },
    namespaces,
    run: {
      startedAt: "2025-03-01T10:00:00.000Z",
      finishedAt: "2025-03-01T10:00:05.000Z",
      host: "source-host",
      firebreak: "0.1.0",
      node: "v24.0.0",
      server: "MongoDB 6.0.1",
    },
  };
  await writeManifest(archive, manifest);
  return manifest;
}

async function writeCollection(
  archive: string,
  { collection, kind = "collection", options = "{}", indexes = [], parts }: CollectionRecipe,
): Promise<SourceNamespace> {
  const namespace = `db.${collection}`;
  const directory = `source/db/${safeName(collection)}`;
  await mkdir(join(archive, directory), { recursive: true });
  const head = JSON.stringify({ namespace, kind }).slice(0, -1);
  const metadata = `${head},\n"options":${options},\n"indexes":[${indexes.map((i) => `\n${i}`).join(",")}]}\n`;
  const file = `${directory}/collection.json`;
  await writeDurably(join(archive, file), metadata);
  const entries: PartEntry[] = [];
  for (const [i, lines] of parts.entries())
    entries.push(await writePart(archive, `${directory}/${String(i).padStart(5, "0")}.ndjson.zst`, lines));
  const lineCount = entries.reduce((sum, p) => sum + p.lineCount, 0);
  return {
    namespace,
    database: "db",
    collection,
    kind,
    directory,
    documentCount: lineCount,
    lineCount,
    metadata: { file, bytes: Buffer.byteLength(metadata), sha256: sha256Of(metadata) },
    parts: entries,
  };
}

async function writePart(archive: string, file: string, lines: Iterable<string>): Promise<PartEntry> {
  const writer = await PartWriter.open(join(archive, file));
  for (const line of lines) await writer.write(Buffer.from(`${line}\n`), 1);
  return { file, ...(await writer.seal()) };
}
