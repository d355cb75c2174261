import { hash } from "node:crypto";
import {
  EMPTY_DIGEST,
  isSameDigest,
  keysFolder,
  SupersedingKeys,
  TableDigest,
  type PlainDigest,
} from "@firebreak/items";
import { LineDecoder, sha256BytesOf, type PartEntry } from "@firebreak/archive";
import { type ChangedField, changedFields, idText, type Side } from "./changed-fields.ts";
import type { MongodbSource } from "../driver/connect.ts";
import type { Namespace } from "../driver/namespaces.ts";
import { NO_RETRY } from "../driver/retry.ts";
import { readDocuments, type OpenArchive } from "../source/read-documents.ts";
import { readRange } from "../source/read-range.ts";
import { putInStoredForm } from "./stored-form.ts";

const BUCKETS = 16_384;

/** The assumed size of a document. It affects only the size of replies. */
const ASSUMED_BYTES = 1024;

/** The most documents of one side whose hashes are held at once. */
const MAX_DOCUMENTS = 200_000;

/** The most changed documents whose fields are compared in one reading of both sides. */
const MAX_COMPARED = 5_000;

/** A document that differs between archive and target. `id` is its `_id` as canonical Extended JSON. */
export type DocumentDifference =
  | { readonly kind: "missing" | "extra"; readonly id: string }
  | { readonly kind: "changed"; readonly id: string; readonly fields: readonly ChangedField[] };

/** The lines of one collection in an archive: the whole archive or a link of a chain. */
export interface ArchivedLines {
  readonly archive: OpenArchive;
  readonly parts: readonly PartEntry[];
  /** In a link: lines with the `_id`s of earlier links' documents that are no longer valid. */
  readonly superseding?: readonly PartEntry[] | undefined;
  /** Lines that are not expected in the target, by the part's file, from 1. */
  readonly setAside?: ReadonlyMap<string, ReadonlySet<number>> | undefined;
}

/** A collection on both sides of the comparison. */
export interface ComparedCollection extends ArchivedLines {
  /** The earlier links of the chain that have something of the collection, the oldest first. */
  readonly earlier?: readonly ArchivedLines[] | undefined;
  /** A folder for keys that do not fit in memory. */
  readonly work: string;
  readonly target: MongodbSource;
  readonly namespace: Pick<Namespace, "namespace" | "database" | "storedIn">;
}

/** The sums of both sides: the number of documents on each, and the buckets of `_id`s that differ. */
export interface ComparedBuckets {
  readonly expected: number;
  readonly found: number;
  /** Each bucket with the document count of the side that has more. */
  readonly differing: ReadonlyMap<number, number>;
}

/** Both sides of a comparison. The caller closes them. */
export interface Sides {
  readonly expected: Side;
  readonly found: Side;
  close(): Promise<void>;
}

async function sidesOf({
  earlier = [],
  work,
  target,
  namespace,
  ...newest
}: ComparedCollection): Promise<Sides> {
  const links = [...earlier, newest];
  const keys = await SupersedingKeys.gather(keysFolder(work), async (add) => {
    for (const [number, { archive, superseding: parts = [] }] of links.entries())
      if (number > 0) await eachDocument({ archive, parts }, (key) => add(idText(key), number));
  });
  return {
    expected: async (take) => {
      for (const [number, lines] of [...links.entries()].toReversed())
        await eachDocument(lines, (document) => {
          if (keys.isEmpty || !keys.isSuperseded(idText(document), number)) take(document);
        });
    },
    found: async (take) => {
      const whole = { index: 0, order: "natural" } as const;
      for await (const documents of readRange(target, namespace, whole, ASSUMED_BYTES, NO_RETRY))
        documents.forEach(take);
    },
    close: () => keys.close(),
  };
}

/** Reads the documents of parts, except those set aside. A document is valid until `take` returns. */
async function eachDocument(
  { archive, parts, setAside }: ArchivedLines,
  take: (document: Buffer) => Promise<void> | void,
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
        const document = decoder.out.bytes.subarray(start, decoder.out.at);
        const taken = refused?.has(line) === true ? undefined : take(document);
        decoder.out.clear();
        return taken ?? undefined;
      },
    );
  }
}

/** Reads both sides once and compares the sums of the hashes of their documents' bytes. */
export async function compareBuckets(collection: ComparedCollection): Promise<ComparedBuckets> {
  const [expected, found] = await sumsOf(collection);
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
 * Yields the documents that differ in some buckets.
 *
 * Memory stays flat: only the hashes of as many buckets as fit are held, and both sides are read again for
 * each such group.
 *
 * @param buckets the buckets from `compareBuckets` to look into.
 */
export async function* documentDifferences(
  collection: ComparedCollection,
  buckets: ReadonlyMap<number, number>,
): AsyncGenerator<DocumentDifference> {
  const sides = await sidesOf(collection);
  try {
    for (const group of groupsOf(buckets)) yield* differencesIn(sides, group);
  } finally {
    await sides.close();
  }
}

async function* differencesIn(sides: Sides, group: ReadonlySet<number>): AsyncGenerator<DocumentDifference> {
  const [expected, found] = await Promise.all([
    hashesById(sides.expected, group),
    hashesById(sides.found, group),
  ]);
  const changed: string[] = [];
  for (const [id, hashes] of expected) {
    const there = found.get(id) ?? [];
    const [missing, extra] = [without(hashes, there), without(there, hashes)];
    const pairs = Math.min(missing, extra);
    // Only some kinds of collections have several documents with one `_id`. Fields would not show which is
    // which.
    if (pairs > 0) changed.push(id);
    for (let i = pairs; i < missing; i++) yield { kind: "missing", id };
    for (let i = pairs; i < extra; i++) yield { kind: "extra", id };
  }
  for (const [id, hashes] of found)
    if (!expected.has(id)) for (const _ of hashes) yield { kind: "extra", id };
  for (let from = 0; from < changed.length; from += MAX_COMPARED) {
    const ids = changed.slice(from, from + MAX_COMPARED);
    const fields = await changedFields(sides, new Set(ids));
    for (const id of ids) yield { kind: "changed", id, fields: fields.get(id) ?? [] };
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

async function sumsOf(
  collection: ComparedCollection,
): Promise<[Map<number, PlainDigest>, Map<number, PlainDigest>]> {
  const sides = await sidesOf(collection);
  try {
    return await Promise.all([bucketDigests(sides.expected), bucketDigests(sides.found)]);
  } finally {
    await sides.close();
  }
}

async function bucketDigests(side: Side): Promise<Map<number, PlainDigest>> {
  const digests = new Map<number, TableDigest>();
  await side((document) => {
    const bucket = bucketOf(idText(document));
    const digest = digests.get(bucket) ?? new TableDigest();
    digests.set(bucket, digest);
    digest.add(sha256BytesOf(document));
  });
  return new Map([...digests].map(([bucket, digest]) => [bucket, digest.toPlain()]));
}

async function hashesById(side: Side, buckets: ReadonlySet<number>): Promise<Map<string, string[]>> {
  const hashes = new Map<string, string[]>();
  await side((document) => {
    const id = idText(document);
    if (!buckets.has(bucketOf(id))) return;
    const own = hash("sha256", document, "base64");
    const others = hashes.get(id);
    if (others === undefined) hashes.set(id, [own]);
    else others.push(own);
  });
  return hashes;
}

/** Counts the elements of `these` that are left after those of `those` are taken away, one for one. */
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
