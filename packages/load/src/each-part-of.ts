import { about, eachPart, type Stage } from "@firebreak/archive";
import { allowancesToWrite, mysqlTarget, SessionPool, type MysqlSession } from "@firebreak/mysql";
import type { LoadOptions } from "./load.ts";
import type { LoadedPart, PartPlace } from "./part-work.ts";
import { refusedNote } from "./quarantine-notes.ts";
import type { LoadEvent } from "./load-notes.ts";

/** Works on parts, `jobs` at a time, each on its own session. */
export async function* eachPartOf<P extends PartPlace>(
  { url, jobs }: Pick<LoadOptions, "url" | "jobs">,
  parts: readonly P[],
  { stage, items, totalItems }: { stage: Stage; items: number; totalItems: number },
  work: (session: MysqlSession, part: P, count: (bytes: number) => void) => Promise<LoadedPart>,
): AsyncGenerator<LoadEvent> {
  const sessions = new SessionPool(mysqlTarget(url));
  let done = items;
  let bytes = 0;
  const one = (part: P): Promise<LoadedPart> =>
    about(`${part.database}.${part.table.table}`, () =>
      sessions.use(async (session) => {
        await session.allow(allowancesToWrite(part.table));
        return work(session, part, (count) => (bytes += count));
      }),
    );
  try {
    for await (const outcome of eachPart(parts, jobs, one)) {
      if (outcome.kind === "done") {
        const { ledger, refused } = outcome.result;
        done += ledger.rowCount + ledger.quarantinedCount;
        if (refused.length > 0) yield refusedNote(ledger, refused);
      }
      yield { kind: "progress", stage, items: done, bytes, totalItems };
    }
  } finally {
    await sessions.close();
  }
}
