import { cp, mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "mongodb";
import { fillCollection } from "../../../../fixtures/src/index.ts";
import { mongodbDatabase } from "./databases.ts";
import { mustEndWell } from "./firebreak.ts";

/** A new folder for archives; it goes when it is disposed of. */
export async function folder(): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(tmpdir(), "firebreak-test-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

export interface ArchiveRecipe {
  /** Name of the database at the source, which is gone when the archive is made. */
  readonly database: string;
  readonly collections: Readonly<Record<string, Iterable<Document>>>;
  readonly isTransformed?: boolean;
  readonly args?: readonly string[];
}

/** Exports these documents, and transforms the archive unless told not to; `parent/archive` is made. */
export async function makeArchive(parent: string, recipe: ArchiveRecipe): Promise<string> {
  const { database, collections, isTransformed = true, args = [] } = recipe;
  const archive = join(parent, "archive");
  await using source = await mongodbDatabase(database);
  for (const [name, documents] of Object.entries(collections))
    await fillCollection(source.db.collection(name), documents);
  await mustEndWell(["export", "--archive", archive, ...args], { mongodbUrl: source.url });
  if (isTransformed) await mustEndWell(["transform", "--archive", archive, "--profile", "generic"]);
  return archive;
}

/** A copy to be spoilt. */
export async function copyOf(archive: string, parent: string): Promise<string> {
  const copy = join(await mkdtemp(join(parent, "copy-")), "archive");
  await cp(archive, copy, { recursive: true });
  return copy;
}

export interface ManifestPart {
  readonly file: string;
  readonly bytes: number;
  readonly plainBytes: number;
  readonly plainSha256: string;
  readonly lineCount: number;
}

export interface ManifestNamespace {
  readonly namespace: string;
  readonly kind: string;
  readonly documentCount: number;
  readonly lineCount: number;
  readonly metadata: { readonly file: string; readonly sha256: string };
  readonly parts: readonly ManifestPart[];
}

export async function namespacesOf(archive: string): Promise<ManifestNamespace[]> {
  const text = await readFile(join(archive, "manifest.json"), "utf8");
  return (JSON.parse(text) as { namespaces: ManifestNamespace[] }).namespaces;
}

/** What two exports of the same documents must have in common: everything but facts of the run and of compression. */
export async function contentOf(archive: string): Promise<unknown> {
  const namespaces = await namespacesOf(archive);
  return namespaces.map(({ namespace, documentCount, lineCount, metadata, parts }) => ({
    namespace,
    documentCount,
    lineCount,
    metadata,
    parts: parts.map(({ file, plainBytes, plainSha256, lineCount: lines }) => [
      file,
      plainBytes,
      plainSha256,
      lines,
    ]),
  }));
}

export interface MysqlTableEntry {
  readonly table: string;
  readonly columns: readonly { readonly name: string; readonly sqlType: string; readonly form: string }[];
  readonly keyColumns: readonly string[];
  readonly parts: readonly ManifestPart[];
}

export async function mysqlTablesOf(archive: string): Promise<MysqlTableEntry[]> {
  const text = await readFile(join(archive, "mysql", "manifest.json"), "utf8");
  return (JSON.parse(text) as { tables: MysqlTableEntry[] }).tables;
}
