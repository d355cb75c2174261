import { killPoint, type TablePart } from "@firebreak/archive";
import type { LoadedPart } from "../ledger/ledger-entry.ts";
import { writeLoadedPart } from "../ledger/load-ledger.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMongodbEvent, ToMongodbNotes } from "../mongodb-load-notes.ts";
import type { CollectionWork, PlannedCollection } from "../collection-plan.ts";
import type { PartOutcome } from "./load-part.ts";
import type { Done, LoadRun, Threads } from "../load-run.ts";
import { uniqueIndexes } from "../collections/prepare-collections.ts";
import { refusedNotes } from "../quarantine/refused-file.ts";

/** Parts that are loaded one after the other. */
interface PartsInOrder {
  readonly work: CollectionWork;
  readonly parts: readonly TablePart[];
}

/** Returns the stage that inserts documents. The ledger entry of a part follows its documents. */
export function insertStage(
  { target, assertHeld }: LoadRun,
  work: readonly CollectionWork[],
  done: Done,
  { pool, counters }: Threads,
): LoadStage<ToMongodbNotes> {
  const linesOf = (parts: readonly Pick<TablePart, "lineCount">[]): number =>
    parts.reduce((sum, part) => sum + part.lineCount, 0);
  const before = linesOf(work.flatMap((w) => w.done.map((d) => d.part)));
  const deleted = counters.items;
  return {
    stage: "load",
    totalItems: before - deleted + linesOf(work.flatMap((w) => w.todo)),
    parts: work.flatMap(inOrder).map(({ work: { planned, state }, parts }) => async () => {
      const { namespace, database, collection, source } = planned;
      const isReplacing = planned.link !== undefined;
      const place = { namespace, database, collection, sourceNamespace: source.namespace, isReplacing };
      const notes: ToMongodbEvent[] = [];
      for (const part of parts) {
        const task = { ...place, part, isAgain: state !== undefined };
        const result = await pool.run({ kind: "load", task });
        if (result.kind !== "load") throw new Error("a worker answered another question");
        assertHeld();
        killPoint("documents-inserted");
        const ledger = ledgerPart(planned, part, result.outcome);
        await writeLoadedPart(target, database, ledger);
        done.get(planned)!.push({ part, ledger });
        notes.push(...refusedNotes(namespace, part, result.outcome));
      }
      return notes;
    }),
    progress: () => ({ items: before - deleted + counters.items, bytes: counters.bytes }),
  };
}

/**
 * With a unique index, the first document in the archive that has a value is the one to load. There the parts
 * are loaded in order.
 */
function inOrder(work: CollectionWork): PartsInOrder[] {
  const { planned, todo } = work;
  if (todo.length === 0) return [];
  return uniqueIndexes(planned).length > 0
    ? [{ work, parts: todo }]
    : todo.map((part) => ({ work, parts: [part] }));
}

function ledgerPart(
  { collection, link }: PlannedCollection,
  { file, plainSha256 }: TablePart,
  { digest, quarantine }: PartOutcome,
): LoadedPart {
  const place = { collection, ...(link === undefined ? {} : { link }), file };
  return { ...place, plainSha256, digest, ...(quarantine === undefined ? {} : { quarantine }) };
}
