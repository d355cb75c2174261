import {
  accountEvent,
  collectSeldom,
  readSourceManifest,
  type Note,
  type StepEvent,
} from "@firebreak/archive";
import { refuseUnlinked } from "@firebreak/items";
import {
  chainPlace,
  chainRefusal,
  chainVerdict,
  runStage,
  type LoadOptions,
  type LoadOutcome,
  type LoadPlan,
  type LoadTarget,
  type MadeManifest,
  type OpenTarget,
} from "@firebreak/target";
import { verifyArchive } from "@firebreak/verify";

/** The notes of an archive that is in the target already, with their fields. */
export interface LoadNotes {
  "delta-in-before": { number: number };
  "delta-in-target": { number: number; isWhole: boolean };
}

/**
 * Loads the output of transform into a target, each part exactly once. The archive is verified as a whole
 * before the target is touched, unless it was just proved. Rows or documents that the target refuses go to
 * quarantine below `work`. If the load is killed at any moment and run again, it continues from the ledger. A
 * delta is applied to a target that has the links before it. An archive changes nothing if it, or for a full
 * archive a delta of its chain, is already in the target.
 *
 * @throws {FirebreakError} of load, archive or the target's kind. If documents that are read back differ from
 * the archive, this is no error, but `equal: false` in the account.
 */
export async function* loadArchive<M extends MadeManifest, N>(
  target: LoadTarget<M, N>,
  options: LoadOptions & { readonly isProved?: boolean },
): AsyncGenerator<StepEvent<N> | StepEvent<LoadNotes>> {
  const { archive, folder, jobs, identities, isDryRun } = options;
  const { capabilities } = target;
  if (!capabilities.hasThreads) collectSeldom();
  if (options.isProved !== true) {
    const folders = target.transformed(folder);
    const verifying = verifyArchive({ archive, jobs, identities, ...folders, depth: "files" });
    for await (const event of verifying) if (event.kind === "progress") yield event;
  }
  const { manifest: made, encryption } = await target.readManifest(folder, identities);
  const source = await readSourceManifest(archive, identities);
  refuseUnlinked(source.manifest, made, folder);
  const place = chainPlace(source);
  const recipients = encryption?.recipients ?? [];
  const open = await target.open({ ...options, source, made, recipients, place });
  const inspect = async (): Promise<LoadPlan<N> | Note<LoadNotes>> => {
    const verdict = chainVerdict(place, await open.knownChains(), capabilities);
    if (verdict.what === "refused") throw chainRefusal(open.server, place, verdict);
    if (verdict.what === "followed") {
      const { number, isWhole } = verdict;
      return { kind: "note", code: "delta-in-target", fields: { number, isWhole } };
    }
    if (verdict.what === "in" && !open.goesOn(verdict))
      return { kind: "note", code: "delta-in-before", fields: { number: place.number } };
    return open.inspect(verdict);
  };
  try {
    if (!isDryRun && !capabilities.locksByWriting) await open.lock();
    let plan = await inspect();
    if ("notes" in plan) yield* plan.notes;
    if ("notes" in plan && !isDryRun && capabilities.locksByWriting) {
      await open.lock();
      // Another run may have started and ended since the first look.
      plan = await inspect();
    }
    if (!("notes" in plan)) {
      yield plan;
      yield* toldOutcome(await open.unchanged(), made);
      return;
    }
    yield* plan.outlook();
    if (isDryRun) {
      yield* toldOutcome({ ...(await plan.outcome()), notes: [] }, made);
      return;
    }
    yield* carryOut(open, plan, jobs);
    yield* toldOutcome(await plan.outcome(), made);
    open.assertHeld();
    await plan.end();
  } catch (error) {
    throw open.explain(error);
  } finally {
    await open.close();
  }
}

async function* carryOut<N>(
  open: OpenTarget<N>,
  plan: LoadPlan<N>,
  jobs: number,
): AsyncGenerator<StepEvent<N>> {
  const assertHeld = (): void => open.assertHeld();
  const held = async function* (events: AsyncIterable<StepEvent<N>>): AsyncGenerator<StepEvent<N>> {
    for await (const event of events) {
      assertHeld();
      yield event;
    }
  };
  for await (const next of plan.stages())
    if ("parts" in next) yield* runStage(next, jobs, assertHeld);
    else yield next;
  if (plan.prove !== undefined) yield* held(plan.prove());
  yield* held(plan.finish());
}

function* toldOutcome<N>({ notes, accounts }: LoadOutcome<N>, made: MadeManifest): Generator<StepEvent<N>> {
  yield* notes;
  yield accountEvent(accounts, made);
}
