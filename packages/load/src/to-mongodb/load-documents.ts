import { accountEvent, readMongodbManifest, readSourceManifest } from "@firebreak/archive";
import { refuseUnlinked } from "@firebreak/items";
import { verifyArchive } from "@firebreak/verify";
import {
  connectMongodb,
  explainMongodb,
  readDefinition,
  TargetLock,
  type MongodbSource,
} from "@firebreak/mongodb";
import type { LoadEvent } from "../load-notes.ts";
import { chainPlace, type ChainPlace } from "@firebreak/target";
import { accountsOf } from "./account.ts";
import { carryOut, type LoadRun } from "./carry-out.ts";
import { planCollection, type CollectionWork, type PlannedCollection } from "./collection-plan.ts";
import type { MongodbFinding } from "./findings.ts";
import { inspectTarget, type TargetState } from "./preflight.ts";
import { findRefused } from "./refused-earlier.ts";
import type { TargetChain } from "./target-chain.ts";
import { toMongodbFault } from "./to-mongodb-faults.ts";

export interface LoadDocumentsOptions {
  readonly archive: string;
  /** The folder that transform wrote. */
  readonly folder: string;
  readonly url: string;
  readonly jobs: number;
  /** The folder for documents that the target refuses. */
  readonly work: string;
  /** The load ends if the target refuses more documents than this. */
  readonly maxQuarantine: number;
  /** Loads only the documents in quarantine. */
  readonly isReplay: boolean;
  /** In a delta: the folder of the link before, if not beside it; only used to name differing documents. */
  readonly previous?: string | undefined;
  /** Checks everything, writes nothing. */
  readonly isDryRun: boolean;
  /** The user's identities, for an encrypted archive. */
  readonly identities?: readonly string[] | undefined;
}

/**
 * Loads the output of transform into MongoDB, each document exactly once, and reads everything back. The
 * archive is verified as a whole before the target is touched. Documents that the target refuses go to
 * quarantine below `work`. If the load is killed at any moment and run again, it continues from the ledger: a
 * part without an entry is compared by `_id`, and only missing documents are inserted.
 *
 * @throws {FirebreakError} of load, mongodb or archive. If loaded documents differ from the archive, this is
 * no error, but `equal: false` in the account.
 */
export async function* loadDocuments(options: LoadDocumentsOptions): AsyncGenerator<LoadEvent> {
  const { archive, folder, jobs, identities } = options;
  const verifying = verifyArchive({ archive, mongodbFolder: folder, depth: "files", jobs, identities });
  for await (const event of verifying) if (event.kind === "progress") yield event;
  const { manifest: made, encryption } = await readMongodbManifest(folder, identities);
  const read = await readSourceManifest(archive, identities);
  const { manifest: source } = read;
  refuseUnlinked(source, made, folder);
  const place = chainPlace(read);
  const target = await connectMongodb(options.url);
  try {
    const planned: PlannedCollection[] = [];
    for (const collection of made.collections) {
      const definition = await readDefinition(folder, collection, identities);
      planned.push(planCollection(collection, definition, target.database, place));
    }
    const manifests = { source, made };
    const before = await inspect(target, options, planned, place);
    for (const note of before.notes) yield { kind: "note", ...note };
    if (isIn(before.chain)) {
      yield* toldIn(before.chain);
      yield accountEvent(accountsOf(manifests, []), made);
      return;
    }
    if (options.isDryRun) {
      yield* toldSoFar(before.work);
      yield accountEvent(accountsOf(manifests, before.work), made);
      return;
    }
    const lock = await TargetLock.take(target, [...new Set(planned.map((p) => p.database))]);
    try {
      // Another run may have started and ended since the first look.
      const { facts, work, chain } = await inspect(target, options, planned, place);
      if (isIn(chain)) {
        yield* toldIn(chain);
        yield accountEvent(accountsOf(manifests, []), made);
        return;
      }
      yield* toldSoFar(work);
      const run: LoadRun = {
        options,
        target,
        work,
        chain,
        assertHeld: () => lock.assertHeld(),
        setting: {
          folder,
          work: options.work,
          server: target.server,
          recipients: encryption?.recipients ?? [],
          manifests,
          identities,
          maxDocumentBytes: facts.maxDocumentBytes,
        },
      };
      yield* carryOut(run);
    } finally {
      await lock.release();
    }
  } catch (error) {
    throw explainMongodb(error, target.server);
  } finally {
    await target.client.close();
  }
}

/** @throws {FirebreakError} `load-mongodb-refused` with all findings. */
async function inspect(
  target: MongodbSource,
  { isReplay, work }: LoadDocumentsOptions,
  planned: readonly PlannedCollection[],
  place: ChainPlace,
): Promise<TargetState & { readonly chain: TargetChain }> {
  const { chain, ...state } = await inspectTarget(target, planned, place, isReplay);
  const findings = [...state.findings, ...(isReplay ? unloaded(state.work) : [])];
  if (findings.length > 0 || chain === undefined)
    throw toMongodbFault("load-mongodb-refused", { server: target.server, findings });
  await findRefused({ work }, state.work);
  return { ...state, chain };
}

/** Finds unloaded parts. Otherwise a replay that succeeds could be mistaken for a load that did. */
function unloaded(work: readonly CollectionWork[]): MongodbFinding[] {
  return work
    .filter(({ todo, keys }) => todo.length + keys.length > 0)
    .map(({ planned: { namespace, source }, todo, keys }) => ({
      what: "replay-unloaded",
      namespace,
      missing: todo.length + keys.length,
      parts: source.parts.length + (source.keys?.length ?? 0),
    }));
}

function isIn({ verdict }: TargetChain): boolean {
  return verdict.what === "in" || verdict.what === "followed";
}

/** Notes that there is nothing to do, and which link of the chain is the last one in the target. */
function* toldIn({ place, verdict }: TargetChain): Generator<LoadEvent> {
  const { number } = place;
  if (verdict.what === "in") yield { kind: "note", code: "delta-in-before", fields: { number } };
  if (verdict.what !== "followed") return;
  const { what: _, ...fields } = verdict;
  yield { kind: "note", code: "delta-in-target", fields };
}

function* toldSoFar(work: readonly CollectionWork[]): Generator<LoadEvent> {
  const parts = work.reduce((sum, w) => sum + w.done.length, 0);
  if (parts > 0) yield { kind: "note", code: "load-resumed", fields: { parts } };
}
