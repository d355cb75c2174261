import { readFile } from "node:fs/promises";
import { join } from "node:path";

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

/** Returns the facts that two exports of the same documents share: all but those of the run and of compression. */
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
