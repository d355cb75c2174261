import { about, type MysqlTable } from "@firebreak/archive";
import { mysqlTarget, type MysqlSession } from "../../driver/connect.ts";
import { SessionPool } from "../../driver/session-pool.ts";
import type { LoadStage } from "@firebreak/target";
import type { ToMysqlEvent, ToMysqlNotes } from "../mysql-load-notes.ts";

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
