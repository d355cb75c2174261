import type { Stage } from "@firebreak/archive";
import { allowancesToWrite } from "../../driver/allowances.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMysqlNotes } from "../mysql-load-notes.ts";
import type { LoadedPart, PartPlace } from "./part-work.ts";
import { refusedNotes } from "../quarantine/quarantine-notes.ts";
import { sessionStage } from "./session-stage.ts";

/** Returns the stage in which parts are loaded. */
export function partStage<P extends PartPlace>(
  url: string,
  parts: readonly P[],
  stage: { stage: Stage; items: number; totalItems: number; jobs?: number },
  load: (session: MysqlSession, part: P, count: (bytes: number) => void) => Promise<LoadedPart>,
): LoadStage<ToMysqlNotes> {
  return sessionStage(url, parts, stage, async (session, part, progress) => {
    await session.allow(allowancesToWrite(part.table));
    const loaded = await load(session, part, (count) => (progress.bytes += count));
    progress.items += loaded.ledger.rowCount + loaded.ledger.quarantinedCount;
    return refusedNotes(loaded);
  });
}
