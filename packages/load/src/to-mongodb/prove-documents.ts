import type { StepEvent } from "@firebreak/archive";
import {
  findDifferences,
  proveCollections,
  refusedLines,
  writeLoadState,
  type ProveTask,
  type ProvedRange,
  type ToProve,
} from "@firebreak/mongodb";
import type { LoadedWork } from "./account.ts";
import type { Done, LoadRun } from "./carry-out.ts";
import { countsOf, type PlannedCollection } from "./collection-plan.ts";

/** What was found of each collection. */
export type Proofs = Map<PlannedCollection, NonNullable<LoadedWork["proof"]>>;

interface LoadToProve extends ToProve {
  readonly planned: PlannedCollection;
}

/** Reads back what was loaded, and names what differs. What an earlier run proved, and preflight counted, is believed. */
export async function* proveDocuments(
  { options, target, setting, work, assertHeld }: LoadRun,
  done: Done,
  proofs: Proofs,
  ask: (task: ProveTask) => Promise<ProvedRange>,
): AsyncGenerator<StepEvent> {
  const unproved: LoadToProve[] = [];
  for (const { planned, state, todo } of work) {
    const { digest, refused } = countsOf(done.get(planned)!);
    if (state === "proved" && todo.length === 0 && !options.isReplay) {
      proofs.set(planned, { digested: digest.rowCount, isEqual: true });
      continue;
    }
    const { namespace, database, source } = planned;
    const documentCount = source.digest.rowCount - refused;
    unproved.push({ namespace, database, planned, expected: { digest, documentCount } });
  }
  for await (const event of proveCollections(target, unproved, options.jobs, ask)) {
    assertHeld();
    if (event.kind !== "proof") {
      yield event;
      continue;
    }
    const { proved, found, isEqual } = event.proof;
    const { planned, expected } = proved;
    const { namespace, database, collection, contentSha256, source } = planned;
    proofs.set(planned, { digested: found.rowCount, isEqual });
    const state = isEqual ? "proved" : "differs";
    await writeLoadState(target, database, { collection, contentSha256, state });
    if (isEqual) continue;
    const ledgers = done.get(planned)!.map((d) => d.ledger);
    const { lines } = await refusedLines(setting.work, ledgers, setting.identities);
    const named = await findDifferences({
      archive: { archive: setting.folder, identities: setting.identities },
      parts: source.parts,
      target,
      namespace: { namespace, database, storedIn: collection },
      setAside: lines,
    });
    const fields = { namespace, expected: expected.digest.rowCount, found: found.rowCount, ...named };
    yield { kind: "note", code: "loaded-documents-differ", fields };
  }
}
