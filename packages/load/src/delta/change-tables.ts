import { about, eachPart, killPoint } from "@firebreak/archive";
import { allowancesToWrite, mysqlTarget, SessionPool } from "@firebreak/mysql";
import type { ChainPlace } from "@firebreak/target";
import type { LoadOptions } from "../load.ts";
import type { LoadedPart, LoadWork } from "../part-work.ts";
import { refusedNote } from "../quarantine-notes.ts";
import type { LoadEvent } from "../load-notes.ts";
import { changeTable } from "./change-table.ts";
import type { DeltaTable } from "./delta-plan.ts";

/** Applies a delta to the tables that are kept, `jobs` at a time, each on its own session. */
export async function* changeTables(
  { url, jobs }: Pick<LoadOptions, "url" | "jobs">,
  work: LoadWork,
  place: ChainPlace,
  planned: readonly DeltaTable[],
): AsyncGenerator<LoadEvent> {
  const todo = planned.filter((t) => !t.isNoted && (t.way === "changed" || t.way === "emptied"));
  const rowsOf = ({ table }: DeltaTable): number =>
    [...(table.keys ?? []), ...table.parts].reduce((sum, part) => sum + part.lineCount, 0);
  const totalItems = todo.reduce((sum, t) => sum + rowsOf(t), 0);
  const sessions = new SessionPool(mysqlTarget(url));
  let items = 0;
  let bytes = 0;
  const one = (plan: DeltaTable): Promise<LoadedPart[]> =>
    about(`${plan.database}.${plan.table.table}`, () =>
      sessions.use(async (session) => {
        await session.allow(allowancesToWrite(plan.table));
        const loaded = await changeTable(session, work, place, plan, (count) => (bytes += count));
        killPoint("table-changed");
        items += rowsOf(plan);
        return loaded;
      }),
    );
  try {
    for await (const outcome of eachPart(todo, jobs, one)) {
      if (outcome.kind === "done")
        for (const { ledger, refused } of outcome.result)
          if (refused.length > 0) yield refusedNote(ledger, refused);
      work.assertHeld();
      yield { kind: "progress", stage: "delta", items, bytes, totalItems };
    }
  } finally {
    await sessions.close();
  }
}
