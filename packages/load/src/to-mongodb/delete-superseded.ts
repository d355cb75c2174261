import { eachPart, killPoint, type PartEntry, type StepEvent } from "@firebreak/archive";
import { writeLoadedPart } from "@firebreak/mongodb";
import type { Done, LoadRun, Threads } from "./carry-out.ts";
import type { CollectionWork, DonePart } from "./collection-plan.ts";
import { deletedPart } from "./delete-keys.ts";
import { createUniqueIndexes } from "./prepare-collections.ts";
import { supersedeRefused } from "./refused-earlier.ts";

/**
 * Deletes documents that a delta has replaced or deleted, in the collections and in the quarantine of earlier
 * links. All of them are deleted when this ends, so documents may be inserted then.
 */
export async function* deleteSuperseded(
  { options, target, setting, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  done: Done,
  { pool, counters }: Threads,
): AsyncGenerator<StepEvent> {
  const changed = work.filter((w) => w.planned.source.change === "changed");
  for (const one of changed) {
    assertHeld();
    const { planned } = one;
    // A replay may have changed the quarantine since the first look.
    const [own, others] = [true, false].map((isOwn) =>
      done.get(planned)!.filter((d) => (d.ledger.link === planned.link) === isOwn),
    ) as [DonePart[], DonePart[]];
    const refused = others.filter((d) => d.ledger.quarantine !== undefined);
    done.set(planned, [...(await supersedeRefused(target, setting, planned, refused)), ...own]);
  }
  const todo = changed.flatMap((w) => w.keys.map((part) => ({ planned: w.planned, part })));
  const totalItems = todo.reduce((sum, { part }) => sum + part.lineCount, 0);
  const remove = async ({ planned, part }: { planned: CollectionWork["planned"]; part: PartEntry }) => {
    const { namespace, database, collection } = planned;
    await pool.run({ kind: "delete", task: { namespace, database, collection, part } });
    assertHeld();
    killPoint("documents-deleted");
    await writeLoadedPart(target, database, deletedPart(planned, part));
  };
  for await (const _ of eachPart(todo, options.jobs, remove)) {
    assertHeld();
    yield { kind: "progress", stage: "delete", items: counters.items, bytes: counters.bytes, totalItems };
  }
  for (const { planned } of changed) {
    assertHeld();
    await createUniqueIndexes(target, planned);
  }
}
