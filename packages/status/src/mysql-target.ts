import type { MysqlManifest } from "@firebreak/archive";
import { loadConnection, loadTimes, MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { targetStateOf, type DatabaseLedger, type TargetState } from "./target-state.ts";

/**
 * Reads how far a load is, also one that runs elsewhere at this moment. Takes no more than SELECT.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function mysqlTargetState(url: string, manifest: MysqlManifest): Promise<TargetState> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  try {
    const expected = manifest.tables.map(({ namespace, database, table, digest, parts }) => ({
      namespace,
      database: target.database ?? database,
      table,
      rowCount: digest.rowCount,
      parts,
    }));
    const ledgers: DatabaseLedger[] = [];
    for (const database of new Set(expected.map((t) => t.database))) {
      const connection = await loadConnection(session, database);
      const { times, nowMs } = await loadTimes(session, database);
      const arrivals = times.filter((t) => !t.isRepair);
      const repairs = times.length - arrivals.length;
      ledgers.push({ database, loadConnection: connection, repairs, arrivals, nowMs });
    }
    return targetStateOf(target.server, expected, ledgers);
  } finally {
    await session.close();
  }
}
