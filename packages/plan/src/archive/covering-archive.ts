import { hasManifest, readSourceManifest } from "@firebreak/archive";
import type { MongodbSource, Namespace } from "@firebreak/mongodb";
import { oplogStart } from "../access/mongodb-access.ts";
import type { CoveringArchive } from "../facts-record.ts";

/**
 * Looks for an archive of the source. Returns undefined if there is none in the folder.
 *
 * @throws {FirebreakError} a fault of the archive, also if it is encrypted.
 */
export async function coveringArchive(
  folder: string,
  source: MongodbSource,
  namespaces: readonly Namespace[],
): Promise<CoveringArchive | undefined> {
  if (!(await hasManifest(folder))) return undefined;
  const { manifest } = await readSourceManifest(folder);
  const { run } = manifest;
  const facts = {
    folder,
    at: run.startedAt,
    documents: manifest.namespaces.reduce((sum, { documentCount }) => sum + documentCount, 0),
    ...(run.server === undefined ? {} : { server: run.server }),
  };
  if (manifest.source.kind !== "mongodb") return { ...facts, unfit: "source" };
  if (manifest.delta !== undefined) return { ...facts, unfit: "delta" };
  const known = new Set(manifest.namespaces.map(({ namespace }) => namespace));
  const missing = namespaces.map(({ namespace }) => namespace).filter((name) => !known.has(name));
  if (missing.length > 0) return { ...facts, unfit: "namespaces", missing };
  return { ...facts, delta: await deltaOnto(manifest.watermark, source) };
}

async function deltaOnto(
  watermark: string | undefined,
  source: MongodbSource,
): Promise<NonNullable<CoveringArchive["delta"]>> {
  if (watermark === undefined || !source.isReplicaSet) return "comparison";
  try {
    return (await oplogStart(source)) <= Number(watermark.split(",")[0]) ? "change-stream" : "comparison";
  } catch {
    // The plan says on its own that it does not see the oplog, and why.
    return "unknown";
  }
}
