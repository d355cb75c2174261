import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  diskFault,
  safeName,
  sha256Of,
  writeDurably,
  type FileEntry,
  type SourceCollection,
} from "@firebreak/archive";
import type { CollectionPlan, ExportProgress, RangeSize } from "./export-progress.ts";

/** Makes a collection's folder with its metadata, and keeps the plan of it. */
export async function planCollection(
  archive: string,
  collection: SourceCollection,
  progress: ExportProgress,
  ranges?: RangeSize,
): Promise<CollectionPlan> {
  const directory = `source/${safeName(collection.database)}/${safeName(collection.collection)}`;
  await makeFolder(join(archive, directory));
  const plan = {
    namespace: collection.namespace,
    directory,
    metadata: await writeMetadata(archive, directory, collection),
    ...(ranges === undefined ? {} : { ranges }),
  };
  await progress.add({ kind: "collection", plan });
  return plan;
}

export async function makeFolder(folder: string): Promise<void> {
  await mkdir(folder, { recursive: true }).catch((error: unknown) => {
    throw diskFault(error, folder);
  });
}

async function writeMetadata(
  archive: string,
  directory: string,
  collection: SourceCollection,
): Promise<FileEntry> {
  const { namespace, kind, optionsText, indexTexts } = collection;
  const head = JSON.stringify({ namespace, kind }).slice(0, -1);
  const content = `${head},\n"options":${optionsText},\n"indexes":[${indexTexts.map((t) => `\n${t}`).join(",")}]}\n`;
  const file = `${directory}/collection.json`;
  await writeDurably(join(archive, file), content);
  return { file, bytes: Buffer.byteLength(content), sha256: sha256Of(content) };
}
