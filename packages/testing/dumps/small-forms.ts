import { cp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { archiveBytes, archivePieces } from "./archive-bytes.ts";
import type { ReadCollection } from "./read-dump.ts";
import { writeDump } from "./small-dump.ts";

/** Writes the same collections in each form of a dump; returns the paths. */
export async function writeForms(
  parent: string,
  collections: readonly ReadCollection[],
): Promise<readonly string[]> {
  const [folder, gzipped, archive, archiveGz] = ["dump", "dump-gzip", "dump.archive", "dump.archive.gz"].map(
    (name) => join(parent, name),
  ) as [string, string, string, string];
  await writeDump(folder, collections);
  await cp(folder, gzipped, { recursive: true });
  await gzipFiles(gzipped);
  const bytes = archiveBytes(archivePieces(collections));
  await writeFile(archive, bytes);
  await writeFile(archiveGz, gzipSync(bytes));
  return [folder, gzipped, archive, archiveGz];
}

async function gzipFiles(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isFile()) continue;
    const file = join(entry.parentPath, entry.name);
    await writeFile(`${file}.gz`, gzipSync(await readFile(file)));
    await rm(file);
  }
}
