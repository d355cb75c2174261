import { createHash } from "node:crypto";
import { join } from "node:path";
import { readPart, type PartEntry } from "@firebreak/archive";
import { PartSequence, rangeFile, type ChainNamespace, type WrittenParts } from "@firebreak/items";
import { collectionSize, withRetry, readRange, type Namespace } from "@firebreak/mongodb";
import { documentLines } from "../../parts/item-lines.ts";
import { bytesOf } from "../../mongodb/write-range.ts";
import type { DeltaTarget } from "../delta-source.ts";
import type { StreamReading } from "./write-changed.ts";

/** Writes all documents of a collection, in the order of `_id` if the collection has one. */
export async function writeWhole(
  reading: StreamReading,
  target: DeltaTarget,
  ns: Namespace,
  directory: string,
): Promise<WrittenParts> {
  const { source, retry } = reading;
  const { averageBytes } = await withRetry(retry, () => collectionSize(source, ns));
  const write = (): Promise<WrittenParts> => writeOnce(reading, target, ns, directory, averageBytes);
  // In natural order nothing shows where a read broke off, so it starts again.
  return ns.hasIdOrder ? await write() : await withRetry(retry, write);
}

async function writeOnce(
  { source, moment, time, retry, count }: StreamReading,
  { archive, encryption, partBytes }: DeltaTarget,
  ns: Namespace,
  directory: string,
  averageBytes: number,
): Promise<WrittenParts> {
  const recipients = encryption?.recipients ?? [];
  const fileOf = (sequence: number): string => rangeFile(directory, 0, sequence);
  const parts = new PartSequence({ archive, recipients, partBytes, fileOf }, documentLines());
  // Capped collections cannot be read as of a moment (tried, 6.0.5).
  const at = ns.kind === "capped" ? { after: time } : moment;
  const range = { index: 0, order: ns.hasIdOrder ? "_id" : "natural" } as const;
  try {
    for await (const documents of readRange(source, { ...ns, ...at }, range, averageBytes, retry)) {
      await parts.write(documents);
      count(documents.length, bytesOf(documents));
    }
    return await parts.finish();
  } catch (error) {
    await parts.abandon();
    throw error;
  }
}

/**
 * Returns true if the parts have the same lines, in the same order, as a chain in which this namespace is
 * always whole.
 */
export async function isSameContent(
  { archive, identities }: Pick<DeltaTarget, "archive" | "identities">,
  parts: readonly PartEntry[],
  { listings }: ChainNamespace,
): Promise<boolean> {
  // Later listings only change options.
  const { folder, entry } = listings[0]!;
  const bytes = (of: readonly PartEntry[]): number => of.reduce((sum, p) => sum + p.plainBytes, 0);
  if (bytes(parts) !== bytes(entry.parts)) return false;
  // The parts may end at other lines.
  return (await hashOf(archive, parts, identities)) === (await hashOf(folder, entry.parts, identities));
}

async function hashOf(
  folder: string,
  parts: readonly PartEntry[],
  identities: readonly string[] | undefined,
): Promise<string> {
  const hash = createHash("sha256");
  for (const part of parts)
    for await (const block of readPart(join(folder, part.file), part.file, part, { identities }))
      hash.update(block);
  return hash.digest("hex");
}
