import type { MysqlManifest } from "@firebreak/archive";
import {
  isOfChain,
  ledgerName,
  loadTimes,
  MysqlSession,
  mysqlTarget,
  partOf,
  readLinks,
  TargetLock,
  type LoadTime,
} from "@firebreak/mysql";
import type { ChainPlace } from "@firebreak/target";
import { quarantinedOnce, targetStateOf, type DatabaseLedger, type TargetState } from "./target-state.ts";

/**
 * Reads the progress of a load into MySQL, also of one that runs elsewhere at this moment. It needs only
 * SELECT.
 *
 * @param place of the archive in its chain. For a delta it looks only at tables that the delta changes.
 * @throws {FirebreakError} from MySQL.
 */
export async function mysqlTargetState(
  url: string,
  manifest: MysqlManifest,
  place: ChainPlace,
): Promise<TargetState> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  try {
    const isDelta = manifest.delta !== undefined;
    const tables = manifest.tables.filter((t) => !isDelta || t.change !== undefined);
    const quarantined = quarantinedOnce(manifest.namespaces);
    const expected = tables.map(({ namespace, database, table, digest, parts }) => ({
      namespace,
      database: target.database ?? database,
      table,
      rowCount: isDelta ? parts.reduce((sum, p) => sum + p.lineCount, 0) : digest.rowCount,
      parts: parts.map((p) => ({ ...p, file: ledgerName(partOf(place, p.file)) })),
      quarantined: quarantined(namespace),
    }));
    const ledgers: DatabaseLedger[] = [];
    for (const database of new Set(manifest.tables.map((t) => target.database ?? t.database))) {
      const connection = await TargetLock.holder(session, database);
      const { times, nowMs } = await loadTimes(session, database);
      const parts = times.filter((t) => t.subject.kind !== "repair");
      const repairs = times.length - parts.length;
      const link = await linkIn(session, database, place);
      const arrivals = parts
        .filter((t) => !isOfOtherLink(t, place))
        .map((t) => ({ ...t, part: ledgerName(t.subject) }));
      ledgers.push({
        database,
        loadConnection: connection,
        ...(link === undefined ? {} : { link }),
        repairs,
        arrivals,
        nowMs,
      });
    }
    return targetStateOf(target.server, expected, ledgers);
  } finally {
    await session.close();
  }
}

/** Returns the number of an archive in its chain, and that of the newest link that is loaded. */
async function linkIn(
  session: MysqlSession,
  database: string,
  { chain, number }: ChainPlace,
): Promise<{ readonly number: number; readonly newest: number } | undefined> {
  const { own } = await readLinks(session, database, chain);
  return own.length === 0 ? undefined : { number, newest: Math.max(...own.map((l) => l.number)) };
}

/** Returns true if a part came with another link of the chain; parts of other chains are foreign. */
function isOfOtherLink({ subject }: LoadTime, { chain, number }: ChainPlace): boolean {
  if (!("chain" in subject)) return number > 0;
  return isOfChain(subject, chain) && (subject.number !== number || subject.kind === "delta-table");
}
