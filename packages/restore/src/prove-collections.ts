import {
  addDigests,
  eachPart,
  EMPTY_DIGEST,
  isSameDigest,
  type PlainDigest,
  type StepEvent,
} from "@firebreak/archive";
import {
  NO_PATIENCE,
  collectionSize,
  listDatabase,
  planKeyRanges,
  type LedgerPart,
  type MongodbSource,
  type Namespace,
} from "@firebreak/mongodb";
import type { RestorePlan, PlannedNamespace } from "./restore-plan.ts";
import type { ProvedRange, ProveTask } from "./prove-range.ts";

/** Bytes read back as one task, about. */
const RANGE_BYTES = 64 << 20;

/** What a collection was found to hold. */
export interface Proof {
  readonly planned: PlannedNamespace;
  readonly expected: PlainDigest;
  readonly found: PlainDigest;
  /** Whether the documents are those of the archive, and in their order where that counts. */
  readonly isEqual: boolean;
}

/**
 * Reads every collection back, in ranges, and compares the sums of the hashes of
 * its documents' bytes with those of what the archive's lines say.
 *
 * @param partsOf the parts of a collection as they were written.
 */
export async function* proveCollections(
  target: MongodbSource,
  plan: RestorePlan,
  collections: readonly PlannedNamespace[],
  partsOf: (planned: PlannedNamespace) => readonly LedgerPart[],
  jobs: number,
  run: (task: ProveTask) => Promise<ProvedRange>,
): AsyncGenerator<StepEvent | { readonly kind: "proof"; readonly proof: Proof }> {
  const wanted = new Set(collections.map((p) => p.namespace));
  const digests = new Map<string, PlainDigest>();
  const orders = new Map<string, string>();
  let items = 0;
  let totalItems = 0;
  for (const planned of collections) totalItems += planned.source.lineCount;

  async function* tasks(): AsyncGenerator<ProveTask> {
    for (const database of plan.databases)
      for (const ns of await listDatabase(target, database, (namespace) => wanted.has(namespace)))
        yield* tasksOf(target, ns);
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
  for (const planned of collections) {
    const parts = partsOf(planned);
    const expected = parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST);
    const found = digests.get(planned.namespace) ?? EMPTY_DIGEST;
    const last = planned.source.parts.at(-1)?.file;
    const order = parts.find((p) => p.file === last)?.orderSha256;
    const isInOrder = order === undefined || order === orders.get(planned.namespace);
    // A part that was never written would be missing on both sides.
    const isWhole = expected.rowCount === planned.source.lineCount;
    const isEqual = isWhole && isSameDigest(expected, found) && isInOrder;
    yield { kind: "proof", proof: { planned, expected, found, isEqual } };
  }
}

async function* tasksOf(target: MongodbSource, ns: Namespace): AsyncGenerator<ProveTask> {
  const { namespace, database, storedIn } = ns;
  const { averageBytes } = await collectionSize(target, ns);
  const rangeDocuments = Math.max(1, Math.floor(RANGE_BYTES / averageBytes));
  for await (const range of planKeyRanges(target, ns, rangeDocuments, NO_PATIENCE))
    yield { namespace, database, storedIn, range, averageBytes };
}
