import { killPoint } from "@firebreak/archive";
import { allowancesToWrite } from "../../driver/allowances.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMysqlNotes } from "../mysql-load-notes.ts";
import type { LoadWork } from "../parts/part-work.ts";
import { refusedNotes } from "../quarantine/quarantine-notes.ts";
import { sessionStage } from "../parts/session-stage.ts";
import { changeTable } from "./change-table.ts";
import type { DeltaTable } from "./delta-plan.ts";

/** Returns the stage in which a delta is applied to the tables that are kept. */
export function changeStage(
  url: string,
  work: LoadWork,
  planned: readonly DeltaTable[],
): LoadStage<ToMysqlNotes> {
  const todo = planned.filter((t) => !t.isNoted && (t.way === "changed" || t.way === "emptied"));
  const rowsOf = ({ table }: DeltaTable): number =>
    [...(table.keys ?? []), ...table.parts].reduce((sum, part) => sum + part.lineCount, 0);
  const totalItems = todo.reduce((sum, t) => sum + rowsOf(t), 0);
  return sessionStage(url, todo, { stage: "delta", totalItems }, async (session, plan, progress) => {
    await session.allow(allowancesToWrite(plan.table));
    const loaded = await changeTable(session, work, plan, (count) => (progress.bytes += count));
    killPoint("table-changed");
    progress.items += rowsOf(plan);
    return loaded.flatMap(refusedNotes);
  });
}
