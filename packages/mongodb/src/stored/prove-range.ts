import { createHash } from "node:crypto";
import { sha256BytesOf } from "@firebreak/archive";
import { TableDigest, type PlainDigest } from "@firebreak/items";
import type { MongodbSource } from "../driver/connect.ts";
import type { KeyRange } from "../source/key-ranges.ts";
import { NO_RETRY } from "../driver/retry.ts";
import { readRange } from "../source/read-range.ts";

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
