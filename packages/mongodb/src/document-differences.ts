import { hash } from "node:crypto";
import {
  EMPTY_DIGEST,
  isSameDigest,
  KeySet,
  LineDecoder,
  LineEncoder,
  sha256BytesOf,
  TableDigest,
  type PartEntry,
  type PlainDigest,
} from "@firebreak/archive";
import { BSON } from "mongodb";
import type { MongodbSource } from "./connect.ts";
import { changedFields, type ChangedField } from "./changed-fields.ts";
import type { Namespace } from "./namespaces.ts";
import { NO_PATIENCE } from "./patience.ts";
import { readDocuments, type OpenArchive } from "./read-documents.ts";
import { readRange } from "./read-range.ts";
import { putInStoredForm } from "./stored-form.ts";

const BUCKETS = 16_384;

/** Of a document; only the size of replies hangs on it. */
const ASSUMED_BYTES = 1024;

/** Documents of one side whose hashes are held at once. */
const MAX_DOCUMENTS = 200_000;

/** Changed documents whose fields are compared in one reading of both sides. */
const MAX_COMPARED = 5_000;

/** A document that is not in the target as the archive has it; `id` is its `_id` as canonical Extended JSON. */
export type DocumentDifference =
  | { readonly kind: "missing" | "extra"; readonly id: string }
  | { readonly kind: "changed"; readonly id: string; readonly fields: readonly ChangedField[] };

/** What an archive, the whole or a link of a chain, has of a collection. */
export interface ArchivedLines {
  readonly archive: OpenArchive;
  readonly parts: readonly PartEntry[];
  /** Of a link: lines with the `_id`s of what earlier links have that is not so any more. */
  readonly superseding?: readonly PartEntry[] | undefined;
  /** Lines of parts, from 1, that are not expected in the target: by the part's file. */
  readonly setAside?: ReadonlyMap<string, ReadonlySet<number>> | undefined;
}

/** A collection as both sides have it. */
export interface ComparedCollection extends ArchivedLines {
  /** Links of the chain before, the oldest first, as far as they have any of it. */
  readonly earlier?: readonly ArchivedLines[] | undefined;
  readonly target: MongodbSource;
  readonly namespace: Pick<Namespace, "namespace" | "database" | "storedIn">;
}

/** All documents of one side, in any order. */
export type Side = (take: (document: Buffer) => void) => Promise<void>;

/** Both sides summed: how many documents each has, and which of the buckets of `_id`s differ. */
export interface ComparedBuckets {
  readonly expected: number;
  readonly found: number;
  /** Each with the documents of the side that has more of them. */
  readonly differing: ReadonlyMap<number, number>;
}

export function sidesOf({ earlier = [], target, namespace, ...newest }: ComparedCollection): {
  readonly expected: Side;
  readonly found: Side;
} {
  return {
    expected: async (take) => {
      const superseded = new KeySet();
      for (const lines of [...earlier, newest].reverse()) {
        await eachDocument(lines, (document) => {
          if (superseded.size === 0 || !superseded.has(idOf(document))) take(document);
        });
        if (earlier.length > 0 && lines !== earlier[0])
          await eachDocument({ archive: lines.archive, parts: lines.superseding ?? [] }, (document) => {
            superseded.add(idOf(document));
          });
      }
    },
    found: async (take) => {
      const whole = { index: 0, order: "natural" } as const;
      for await (const documents of readRange(target, namespace, whole, ASSUMED_BYTES, NO_PATIENCE))
        documents.forEach(take);
    },
  };
}

/** The documents of parts but for those set aside; each is gone when `take` is done. */
async function eachDocument(
  { archive, parts, setAside }: ArchivedLines,
  take: (document: Buffer) => void,
): Promise<void> {
  const decoder = new LineDecoder();
  for (const part of parts) {
    const refused = setAside?.get(part.file);
    let line = 0;
    await readDocuments(
      archive,
      part,
      () => decoder,
      ({ start }) => {
        putInStoredForm(decoder.out, start, { part, line: ++line });
        if (refused?.has(line) !== true) take(decoder.out.bytes.subarray(start, decoder.out.at));
        decoder.out.clear();
        return undefined;
      },
    );
  }
}

/** Reads both sides once and compares the sums of the hashes of their documents' bytes. */
export async function compareBuckets(collection: ComparedCollection): Promise<ComparedBuckets> {
  const sides = sidesOf(collection);
  const [expected, found] = await Promise.all([bucketDigests(sides.expected), bucketDigests(sides.found)]);
  const differing = new Map<number, number>();
  for (let bucket = 0; bucket < BUCKETS; bucket++) {
    const [here, there] = [expected.get(bucket) ?? EMPTY_DIGEST, found.get(bucket) ?? EMPTY_DIGEST];
    if (!isSameDigest(here, there)) differing.set(bucket, Math.max(here.rowCount, there.rowCount));
  }
  const count = (digests: ReadonlyMap<number, PlainDigest>): number =>
    [...digests.values()].reduce((sum, d) => sum + d.rowCount, 0);
  return { expected: count(expected), found: count(found), differing };
}

/**
 * Names the documents of some buckets that differ. Memory stays flat: hashes of
 * as many buckets as fit are held, and both sides read again for each such group.
 *
 * @param buckets those of `compareBuckets` that are to be looked into.
 */
export async function* documentDifferences(
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
): AsyncGenerator<DocumentDifference> {
  const sides = sidesOf(collection);
  for (const group of groupsOf(buckets)) {
    const [expected, found] = await Promise.all([
      hashesById(sides.expected, group),
      hashesById(sides.found, group),
    ]);
    const changed: string[] = [];
    for (const [id, hashes] of expected) {
      const there = found.get(id) ?? [];
      const [missing, extra] = [without(hashes, there), without(there, hashes)];
      const pairs = Math.min(missing, extra);
      // With several of one `_id`, which only some kinds of collections have, fields would not say which is which.
      if (pairs > 0) changed.push(id);
      for (let i = pairs; i < missing; i++) yield { kind: "missing", id };
      for (let i = pairs; i < extra; i++) yield { kind: "extra", id };
    }
    for (const [id, hashes] of found)
      if (!expected.has(id)) for (const _ of hashes) yield { kind: "extra", id };
    for (let from = 0; from < changed.length; from += MAX_COMPARED) {
      const ids = changed.slice(from, from + MAX_COMPARED);
      const fields = await changedFields(sides, new Set(ids), idOf);
      for (const id of ids) yield { kind: "changed", id, fields: fields.get(id) ?? [] };
    }
  }
}

function* groupsOf(buckets: ReadonlyMap<number, number>): Generator<ReadonlySet<number>> {
  let group = new Set<number>();
  let documents = 0;
  for (const [bucket, count] of buckets) {
    if (group.size > 0 && documents + count > MAX_DOCUMENTS) {
      yield group;
      group = new Set();
      documents = 0;
    }
    group.add(bucket);
    documents += count;
  }
  if (group.size > 0) yield group;
}

async function bucketDigests(side: Side): Promise<Map<number, PlainDigest>> {
  const digests = new Map<number, TableDigest>();
  await side((document) => {
    const bucket = bucketOf(idOf(document));
    const digest = digests.get(bucket) ?? new TableDigest();
    digests.set(bucket, digest);
    digest.add(sha256BytesOf(document));
  });
  return new Map([...digests].map(([bucket, digest]) => [bucket, digest.toPlain()]));
}

async function hashesById(side: Side, buckets: ReadonlySet<number>): Promise<Map<string, string[]>> {
  const hashes = new Map<string, string[]>();
  await side((document) => {
    const id = idOf(document);
    if (!buckets.has(bucketOf(id))) return;
    const own = hash("sha256", document, "base64");
    const others = hashes.get(id);
    if (others === undefined) hashes.set(id, [own]);
    else others.push(own);
  });
  return hashes;
}

/** How many of these are left when those are taken away, one for one. */
function without(these: readonly string[], those: readonly string[]): number {
  const rest = [...those];
  return these.filter((one) => {
    const at = rest.indexOf(one);
    if (at >= 0) rest.splice(at, 1);
    return at < 0;
  }).length;
}

function bucketOf(id: string): number {
  return sha256BytesOf(id).readUInt16BE(0) % BUCKETS;
}

const encoder = new LineEncoder();

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
