import { hash } from "node:crypto";
import { EMPTY_DIGEST, isSameDigest, LineEncoder, TableDigest, type PlainDigest } from "@firebreak/archive";
import { NO_PATIENCE, readRange, type MongodbSource } from "@firebreak/mongodb";
import { BSON } from "bson";
import { LineDecoder } from "@firebreak/archive";
import { readDocuments, type OpenArchive } from "./read-documents.ts";
import type { PlannedNamespace } from "./restore-plan.ts";

const BUCKETS = 4096;

/** Of a document; only the size of replies hangs on it. */
const ASSUMED_BYTES = 1024;

/** Documents named in a report. */
const MAX_NAMED = 10;

/** The `_id`s, as canonical Extended JSON, of some documents that are not as the archive says. */
export interface DocumentDifferences {
  readonly missing: readonly string[];
  readonly extra: readonly string[];
  readonly changed: readonly string[];
}

/**
 * Names up to ten documents that differ between the archive and a collection.
 * Both are read twice: first summed in buckets of `_id`s, then the hashes of a few
 * buckets that differ are kept, so memory stays flat.
 */
export async function findDifferences(
  target: MongodbSource,
  archive: OpenArchive,
  planned: PlannedNamespace,
): Promise<DocumentDifferences> {
  const sides: readonly Side[] = [
    (take) => eachOfArchive(archive, planned, take),
    (take) => eachOfTarget(target, planned, take),
  ];
  const [expectedSums, foundSums] = await Promise.all(sides.map(bucketDigests));
  const differing = Array.from({ length: BUCKETS }, (_, b) => b)
    .filter((b) => !isSameDigest(expectedSums!.get(b) ?? EMPTY_DIGEST, foundSums!.get(b) ?? EMPTY_DIGEST))
    .slice(0, MAX_NAMED);
  const [expected, found] = await Promise.all(sides.map((side) => hashesById(side, new Set(differing))));
  const some = (ids: Iterable<string>, isWanted: (id: string) => boolean): string[] =>
    [...ids].filter(isWanted).slice(0, MAX_NAMED);
  return {
    missing: some(expected!.keys(), (id) => !found!.has(id)),
    extra: some(found!.keys(), (id) => !expected!.has(id)),
    changed: some(expected!.keys(), (id) => found!.has(id) && found!.get(id) !== expected!.get(id)),
  };
}

const encoder = new LineEncoder();

type Side = (take: (document: Buffer) => void) => Promise<void>;

async function eachOfArchive(
  archive: OpenArchive,
  { source }: PlannedNamespace,
  take: (document: Buffer) => void,
): Promise<void> {
  const decoder = new LineDecoder();
  for (const part of source.parts)
    await readDocuments(
      archive,
      part,
      () => decoder,
      ({ start, end }) => {
        take(decoder.out.bytes.subarray(start, end));
        decoder.out.clear();
        return undefined;
      },
    );
}

async function eachOfTarget(
  target: MongodbSource,
  planned: PlannedNamespace,
  take: (document: Buffer) => void,
): Promise<void> {
  const whole = { index: 0, order: "natural" } as const;
  for await (const documents of readRange(target, planned, whole, ASSUMED_BYTES, NO_PATIENCE))
    documents.forEach(take);
}

async function bucketDigests(side: Side): Promise<Map<number, PlainDigest>> {
  const digests = new Map<number, TableDigest>();
  await side((document) => {
    const bucket = bucketOf(idOf(document));
    const digest = digests.get(bucket) ?? new TableDigest();
    digests.set(bucket, digest);
    digest.add(hash("sha256", document, "buffer"));
  });
  return new Map([...digests].map(([bucket, digest]) => [bucket, digest.toPlain()]));
}

async function hashesById(side: Side, buckets: ReadonlySet<number>): Promise<Map<string, string>> {
  const hashes = new Map<string, string>();
  await side((document) => {
    const id = idOf(document);
    if (buckets.has(bucketOf(id))) hashes.set(id, hash("sha256", document, "hex"));
  });
  return hashes;
}

function bucketOf(id: string): number {
  return hash("sha256", id, "buffer").readUInt16BE(0) % BUCKETS;
}

/** The `_id` as canonical Extended JSON, in base64 where that cannot say it; empty where there is none. */
function idOf(document: Buffer): string {
  for (const [type, nameAt, nameLength, offset, length] of BSON.onDemand.parseToElements(document)) {
    if (document.toString("latin1", nameAt, nameAt + nameLength) !== "_id") continue;
    encoder.out.clear();
    return encoder.encodeValue(document, type & 0xff, offset, offset + length)
      ? encoder.out.written().toString("utf8")
      : document.toString("base64", offset, offset + length);
  }
  return "";
}
