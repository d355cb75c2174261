import { cp } from "node:fs/promises";
import { join } from "node:path";
import { writeManifest, type SourceManifest } from "@firebreak/archive";
import { mongodbManifest } from "./mysql-archive.ts";

/**
 * Makes an archive of MongoDB of what transform made for it: as an export would
 * find it, were it loaded there. Returns its folder.
 */
export async function carriedBack(archive: string, folder: string): Promise<string> {
  const { collections } = await mongodbManifest(archive);
  await cp(join(archive, "mongodb"), folder, {
    recursive: true,
    filter: (path) => !/manifest\.json$|SHA256SUMS$|quarantine/.test(path),
  });
  const namespaces = collections.map(
    ({ database, collection, digest, metadata, parts }): SourceManifest["namespaces"][number] => ({
      namespace: `${database}.${collection}`,
      database,
      collection,
      kind: "collection",
      directory: metadata.file.slice(0, metadata.file.lastIndexOf("/")),
      documentCount: digest.rowCount,
      lineCount: digest.rowCount,
      metadata,
      parts: parts.map(({ digest: _, ...part }) => part),
    }),
  );
  await writeManifest(folder, {
    format: "firebreak-archive",
    formatVersion: 1,
    source: { kind: "mongodb" },
    consistency: "document",
    settings: { include: [], exclude: [], partMib: 64 },
    namespaces,
    run: { startedAt: "", finishedAt: "", host: "", firebreak: "", node: "" },
  });
  return folder;
}
