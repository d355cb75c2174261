import { readdir, readFile } from "node:fs/promises";
import { join, relative } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import type { MongodbManifest, MysqlManifest } from "../../packages/archive/src/index.ts";

/**
 * Returns what the files of an archive, or of what transform made, say: by their paths the text of each. It leaves out what
 * may differ between two runs: facts of the run, and how a part was compressed.
 */
export async function contentOfFolder(
  folder: string,
  isWanted: (path: string) => boolean = () => true,
): Promise<Record<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((e) => e.isFile()).map((e) => relative(folder, join(e.parentPath, e.name)));
  const content: Record<string, string> = {};
  for (const path of paths.filter((p) => isWanted(p) && !p.startsWith("lines.index/")).toSorted()) {
    const bytes = await readFile(join(folder, path));
    if (path.endsWith(".zst")) content[path] = zstdDecompressSync(bytes).toString("latin1");
    else if (path.endsWith("manifest.json")) content[path] = comparable(JSON.parse(bytes.toString()));
    else if (path.endsWith("SHA256SUMS"))
      content[path] = bytes
        .toString()
        .replaceAll(/^[0-9a-f]{64}/gm, "")
        .replaceAll(/.*lines\.index.*\n/g, "");
    // The script is a program: which of the two quotes it takes is its own matter.
    else if (path.endsWith("load.sh")) content[path] = bytes.toString("latin1").replaceAll('"', "'");
    else content[path] = bytes.toString("latin1");
  }
  return content;
}

/** The text of a manifest without the facts of its run and of compression. */
export function comparable(manifest: unknown): string {
  return JSON.stringify(
    manifest,
    (key, value: unknown) => {
      // Version 0.4.0 kept no index.
      if (key === "run" || key === "lineIndex") return undefined;
      if (typeof value !== "object" || value === null || !("file" in value)) return value;
      const { bytes, sha256, ...rest } = value as Record<string, unknown>;
      return /\.(zst|age|sh)$/.test(String(value.file)) ? rest : { ...rest, bytes, sha256 };
    },
    1,
  );
}

/** Returns the digest of each table or collection and the counts of each namespace, as a manifest has them. */
export function targetsOf(manifest: MysqlManifest | MongodbManifest): unknown {
  const targets = "tables" in manifest ? manifest.tables : manifest.collections;
  return [
    targets.map((t) => ["table" in t ? t.table : t.collection, t.digest]),
    manifest.namespaces
      .filter(({ namespace }) => namespace.includes("messages_"))
      .map(({ quarantine: _quarantine, listed: _listed, notCarried: _notCarried, ...counts }) => counts),
  ];
}
