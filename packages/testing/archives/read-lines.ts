import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { zstdDecompressSync } from "node:zlib";
import { EJSON, type Document } from "bson";
import { namespacesOf } from "./manifest-entries.ts";

/** The lines of one collection of an archive, in the order of its parts. */
export async function linesOf(archive: string, namespace: string): Promise<string[]> {
  const found = (await namespacesOf(archive)).find((n) => n.namespace === namespace);
  if (found === undefined) throw new Error(`${namespace} is not in the archive`);
  const lines: string[] = [];
  for (const part of found.parts) {
    const plain = zstdDecompressSync(await readFile(join(archive, part.file))).toString("utf8");
    lines.push(...plain.split("\n").slice(0, -1));
  }
  return lines;
}

export async function documentsOf(archive: string, namespace: string): Promise<Document[]> {
  return (await linesOf(archive, namespace)).map((line) => EJSON.parse(line, { relaxed: false }) as Document);
}
