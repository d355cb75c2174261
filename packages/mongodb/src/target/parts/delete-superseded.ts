import { killPoint } from "@firebreak/archive";
import { writeLoadedPart } from "../ledger/load-ledger.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMongodbNotes } from "../mongodb-load-notes.ts";
import type { CollectionWork, DonePart } from "../collection-plan.ts";
import { deletedPart } from "./delete-keys.ts";
import type { Done, LoadRun, Threads } from "../load-run.ts";
import { supersedeRefused } from "../quarantine/refused-earlier.ts";

/**
 * Deletes documents that a delta has replaced or deleted from the quarantine of earlier links.
 *
 * @returns the stage that deletes them from the collections. When it ends, documents may be inserted.
 */
export async function deleteStage(
  { target, setting, assertHeld }: LoadRun,
  changed: readonly CollectionWork[],
  done: Done,
  { pool, counters }: Threads,
): Promise<LoadStage<ToMongodbNotes>> {
  for (const one of changed) {
    assertHeld();
    const { planned } = one;
    // A replay may have changed the quarantine since the first look.
    const isOwn = ({ ledger }: DonePart): boolean => ledger.link === planned.link;
    const before = done.get(planned)!;
    const refused = before.filter((d) => !isOwn(d) && d.ledger.quarantine !== undefined);
    const left = await supersedeRefused(target, setting, planned, refused);
    done.set(planned, [...left, ...before.filter(isOwn)]);
  }
  const todo = changed.flatMap((w) => w.keys.map((part) => ({ planned: w.planned, part })));
  return {
    stage: "delete",
    totalItems: todo.reduce((sum, { part }) => sum + part.lineCount, 0),
    parts: todo.map(({ planned, part }) => async () => {
      const { namespace, database, collection } = planned;
      await pool.run({ kind: "delete", task: { namespace, database, collection, part } });
      assertHeld();
      killPoint("documents-deleted");
      await writeLoadedPart(target, database, deletedPart(planned, part));
      return [];
    }),
    progress: () => ({ items: counters.items, bytes: counters.bytes }),
  };
}
