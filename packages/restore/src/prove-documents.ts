import { join } from "node:path";
import { addDigests, EMPTY_DIGEST, subtractDigests } from "@firebreak/items";
import { killPoint, LOAD_QUARANTINE } from "@firebreak/archive";
import {
  collectionSize,
  expires,
  findDifferences,
  proveCollections,
  writeLedgerState,
  type LedgerPart,
  type MongodbSource,
  type Proof,
  type ProveTask,
  type ToProve,
} from "@firebreak/mongodb";
import type { PlannedWork } from "./preflight.ts";
import { setAsideRepeated, type QuarantineFolder, type SetAside } from "./repeated-documents.ts";
import type { PlannedNamespace } from "./restore-plan.ts";
import type { RestoreResult } from "./restore-worker.ts";
import type { RestoreEvent } from "./restore-notes.ts";

interface RestoreToProve extends ToProve {
  readonly planned: PlannedNamespace;
  readonly setAside?: SetAside | undefined;
}

/** The result of a collection's proof. */
export interface RestoreProof {
  readonly isEqual: boolean;
  readonly foundCount: number;
  readonly setAside: SetAside | undefined;
}
export type RestoreProofs = Map<PlannedNamespace, RestoreProof>;

/** The collections to prove, and the means to do so. */
export interface Proving {
  readonly work: readonly PlannedWork[];
  /** The parts of each collection that are in. */
  readonly written: ReadonlyMap<PlannedNamespace, readonly LedgerPart[]>;
  readonly prove: (task: ProveTask) => Promise<RestoreResult>;
  readonly assertHeld: () => void;
}

/**
 * Reads collections back and compares them with the archive. If a collection has fewer documents than the
 * archive, documents whose `_id` occurred before are put in quarantine, and it is proved again without them.
 *
 * @param proofs receives the results.
 */
export async function* proveDocuments(
  folder: QuarantineFolder,
  target: MongodbSource,
  { work, written, prove, assertHeld }: Proving,
  proofs: RestoreProofs,
): AsyncGenerator<RestoreEvent> {
  const unproved: RestoreToProve[] = [];
  for (const one of work)
    if (await isUnproved(target, one)) unproved.push(toProve(one.planned, written.get(one.planned)!));
  const short: Proof<RestoreToProve>[] = [];
  const prover = { folder, target, prove, assertHeld, proofs };
  for await (const event of proveEach(prover, unproved))
    if (event.kind !== "proof") yield event;
    else if (isShort(event.proof)) short.push(event.proof);
    else yield* conclude(prover, event.proof);
  const settled: RestoreToProve[] = [];
  for (const proof of short) {
    assertHeld();
    const setAside = await setAsideRepeated(folder, target, proof.proved.planned);
    if (setAside === undefined) {
      yield* conclude(prover, proof);
      continue;
    }
    killPoint("repeated-set-aside");
    yield repeatedNote(folder, proof.proved.planned, setAside);
    settled.push(without(proof.proved, setAside));
  }
  for await (const event of proveEach(prover, settled))
    if (event.kind !== "proof") yield event;
    else yield* conclude(prover, event.proof);
}

interface Prover extends Pick<Proving, "prove" | "assertHeld"> {
  readonly folder: QuarantineFolder;
  readonly target: MongodbSource;
  readonly proofs: RestoreProofs;
}

async function* proveEach(
  { folder, target, prove, assertHeld }: Prover,
  collections: readonly RestoreToProve[],
): ReturnType<typeof proveCollections<RestoreToProve>> {
  const run = async (task: ProveTask) => {
    const result = await prove(task);
    if (result.kind !== "prove") throw new Error("a worker answered another question");
    return result.range;
  };
  for await (const event of proveCollections(target, collections, folder.jobs, run)) {
    assertHeld();
    yield event;
  }
}

/** Writes the result of a proof to the ledger, and reports the documents that differ. */
async function* conclude(
  { folder, target, proofs }: Prover,
  { proved, found, isEqual }: Proof<RestoreToProve>,
): AsyncGenerator<RestoreEvent> {
  const { planned, expected, setAside } = proved;
  const { database, collection, source, namespace } = planned;
  proofs.set(planned, { isEqual, foundCount: found.rowCount, setAside });
  const state = isEqual ? "proved" : "differs";
  await writeLedgerState(target, database, { collection, source: source.namespace, state });
  if (isEqual) return;
  const differences = await findDifferences({
    archive: folder,
    parts: source.parts,
    work: folder.work,
    target,
    namespace: planned,
    setAside: setAside?.lines,
  });
  const counts = { expected: expected.digest.rowCount, found: found.rowCount };
  yield { kind: "note", code: "documents-differ", fields: { namespace, ...counts, ...differences } };
}

function isShort({ proved, found }: Proof<RestoreToProve>): boolean {
  return found.rowCount < proved.expected.digest.rowCount;
}

function repeatedNote(
  { work }: QuarantineFolder,
  { namespace }: PlannedNamespace,
  { digest, ids, keyCount }: SetAside,
): RestoreEvent {
  const folder = join(work, LOAD_QUARANTINE);
  const isMore = keyCount > ids.length;
  const fields = { namespace, count: digest.rowCount, ids, isMore, folder };
  return { kind: "note", code: "documents-repeated", fields };
}

function toProve(planned: PlannedNamespace, parts: readonly LedgerPart[]): RestoreToProve {
  const last = planned.source.parts.at(-1)?.file;
  return {
    namespace: planned.namespace,
    database: planned.database,
    planned,
    expected: {
      digest: parts.map((p) => p.digest).reduce(addDigests, EMPTY_DIGEST),
      documentCount: planned.source.lineCount,
      orderSha256: parts.find((p) => p.file === last)?.orderSha256,
    },
  };
}

function without(proved: RestoreToProve, setAside: SetAside): RestoreToProve {
  const { expected } = proved;
  return {
    ...proved,
    setAside,
    expected: {
      ...expected,
      digest: subtractDigests(expected.digest, setAside.digest),
      documentCount: expected.documentCount - setAside.digest.rowCount,
    },
  };
}

/**
 * True if a collection must be read back. An earlier proof is trusted if the document count is the same, or
 * if the server may delete documents, where another count is normal.
 */
async function isUnproved(target: MongodbSource, { planned, state, done }: PlannedWork): Promise<boolean> {
  if (planned.kind === "view") return false;
  if (state !== "proved" || done.length < planned.source.parts.length) return true;
  if (expires(planned)) return false;
  const expected = done.reduce((count, part) => count + part.digest.rowCount, 0);
  return (await collectionSize(target, planned)).documentCount !== expected;
}
