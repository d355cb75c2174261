import { createHash } from "node:crypto";
import { eachPart, sha256BytesOf, type StepEvent } from "@firebreak/archive";
import { addDigests, EMPTY_DIGEST, isSameDigest, type PlainDigest, TableDigest } from "@firebreak/items";
import { listPlaces } from "../definitions/compare-definitions.ts";
import type { MongodbSource } from "../driver/connect.ts";
import type { Namespace } from "../driver/namespaces.ts";
import { NO_RETRY } from "../driver/retry.ts";
import { collectionSize, type KeyRange, planKeyRanges } from "../source/key-ranges.ts";
import { readRange } from "../source/read-range.ts";

/** The approximate number of bytes read back as one task. */
const RANGE_BYTES = 64 << 20;

/** The expected content of a collection. */
export interface ExpectedContent {
  /** The digest of the documents that were written. */
  readonly digest: PlainDigest;
  /** The number of documents there should be. Neither digest would show a part that was never written. */
  readonly documentCount: number;
  /** The hash of all documents in their order, if the order counts. */
  readonly orderSha256?: string | undefined;
}

/** A collection to read back. */
export interface ToProve {
  readonly namespace: string;
  readonly database: string;
  readonly expected: ExpectedContent;
}

/** The result of reading a collection back. */
export interface Proof<C extends ToProve> {
  readonly proved: C;
  readonly found: PlainDigest;
  /** True if the documents are those of the archive, and in the archive's order where order counts. */
  readonly isEqual: boolean;
}

/**
 * Reads every collection back, in ranges, and compares the sums of the hashes of its documents' bytes with
 * those of the archive's lines.
 */
export async function* proveCollections<C extends ToProve>(
  target: MongodbSource,
  collections: readonly C[],
  jobs: number,
  run: (task: ProveTask) => Promise<ProvedRange>,
): AsyncGenerator<StepEvent | { readonly kind: "proof"; readonly proof: Proof<C> }> {
  const digests = new Map<string, PlainDigest>();
  const orders = new Map<string, string>();
  let items = 0;
  const totalItems = collections.reduce((sum, c) => sum + c.expected.documentCount, 0);

  async function* tasks(): AsyncGenerator<ProveTask> {
    for (const ns of (await listPlaces(target, collections)).values()) yield* tasksOf(target, ns);
  }
  for await (const outcome of eachPart(tasks(), jobs, run)) {
    if (outcome.kind === "done") {
      const { namespace, digest, orderSha256 } = outcome.result;
      digests.set(namespace, addDigests(digests.get(namespace) ?? EMPTY_DIGEST, digest));
      if (orderSha256 !== undefined) orders.set(namespace, orderSha256);
      items += digest.rowCount;
    }
    yield { kind: "progress", stage: "prove", items, bytes: 0, totalItems };
  }
  for (const proved of collections) {
    const { digest, documentCount, orderSha256 } = proved.expected;
    const found = digests.get(proved.namespace) ?? EMPTY_DIGEST;
    const isInOrder = orderSha256 === undefined || orderSha256 === orders.get(proved.namespace);
    const isEqual = digest.rowCount === documentCount && isSameDigest(digest, found) && isInOrder;
    yield { kind: "proof", proof: { proved, found, isEqual } };
  }
}

async function* tasksOf(target: MongodbSource, ns: Namespace): AsyncGenerator<ProveTask> {
  const { namespace, database, storedIn } = ns;
  const { averageBytes } = await collectionSize(target, ns);
  const rangeDocuments = Math.max(1, Math.floor(RANGE_BYTES / averageBytes));
  for await (const range of planKeyRanges(target, ns, rangeDocuments, NO_RETRY))
    yield { namespace, database, storedIn, range, averageBytes };
}

/** A range of a collection to read back, in the form that goes to a worker thread. */
export interface ProveTask {
  readonly namespace: string;
  readonly database: string;
  readonly storedIn: string;
  readonly range: KeyRange;
  readonly averageBytes: number;
}

/**
 * The content of a range: the digest of its documents' bytes and, if the range is the whole collection, the
 * hash of the documents in order.
 */
export interface ProvedRange {
  readonly namespace: string;
  readonly digest: PlainDigest;
  readonly orderSha256?: string;
}

/** Reads a range back and hashes every document as it is stored. */
export async function proveRange(
  target: MongodbSource,
  task: ProveTask,
  count: (documents: number, bytes: number) => void,
): Promise<ProvedRange> {
  const digest = new TableDigest();
  const order = task.range.order === "natural" ? createHash("sha256") : undefined;
  for await (const documents of readRange(target, task, task.range, task.averageBytes, NO_RETRY)) {
    let bytes = 0;
    for (const document of documents) {
      digest.add(sha256BytesOf(document));
      order?.update(document);
      bytes += document.length;
    }
    count(documents.length, bytes);
  }
  return {
    namespace: task.namespace,
    digest: digest.toPlain(),
    ...(order === undefined ? {} : { orderSha256: order.digest("hex") }),
  };
}
