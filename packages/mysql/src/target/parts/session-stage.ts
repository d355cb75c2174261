import { about, type MysqlTable, type Stage } from "@firebreak/archive";
import { type MysqlSession, mysqlTarget } from "../../driver/connect.ts";
import { SessionPool } from "../../driver/session-pool.ts";
import type { LoadStage } from "@firebreak/target";
import { refusedNotes, type ToMysqlEvent, type ToMysqlNotes } from "../mysql-load-notes.ts";
import { allowancesToWrite } from "../../driver/allowances.ts";
import type { LoadedPart, PartPlace } from "./part-work.ts";

/** The work of a stage so far, which its parts add to. */
export interface StageProgress {
  items: number;
  bytes: number;
}

/** Returns a stage whose parts each have a session that no other part uses meanwhile. */
export function sessionStage<P extends { readonly database: string; readonly table: MysqlTable }>(
  url: string,
  parts: readonly P[],
  {
    items = 0,
    ...stage
  }: Pick<LoadStage<ToMysqlNotes>, "stage" | "totalItems" | "jobs"> & { items?: number },
  work: (session: MysqlSession, part: P, progress: StageProgress) => Promise<readonly ToMysqlEvent[]>,
): LoadStage<ToMysqlNotes> {
  const sessions = new SessionPool(mysqlTarget(url));
  const progress: StageProgress = { items, bytes: 0 };
  return {
    ...stage,
    parts: parts.map(
      (part) => () =>
        about(`${part.database}.${part.table.table}`, () =>
          sessions.use((session) => work(session, part, progress)),
        ),
    ),
    progress: () => progress,
    close: () => sessions.close(),
  };
}

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
