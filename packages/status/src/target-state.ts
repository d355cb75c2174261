import type { MysqlManifest, MysqlTable } from "@firebreak/archive";
import { loadTimes, loadConnection, MysqlSession, mysqlTarget, type LoadTime } from "@firebreak/mysql";
import { rowsPerSecond } from "./speed.ts";

/** What of an archive is in a target, by the target's ledger. Times are of the target's clock, in UTC. */
export interface TargetState {
  readonly server: string;
  readonly databases: readonly DatabaseState[];
  readonly tables: readonly TableState[];
  readonly rows: number;
  readonly loaded: number;
  readonly left: number;
  /** Over the last minutes in which parts came in; undefined where that cannot be measured. */
  readonly rowsPerSecond: number | undefined;
  /** Until the last row is in, at that speed; indexes come after that. */
  readonly secondsLeft: number | undefined;
}

export interface DatabaseState {
  readonly database: string;
  /** The connection of the run that is at work there. */
  readonly loadConnection: string | undefined;
  /** Repairs that were applied, table by table. */
  readonly repairs: number;
  /** Parts of other archives, or of an earlier transform of this one. */
  readonly foreignParts: number;
}

export interface TableState {
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  readonly rows: number;
  readonly parts: number;
  readonly loaded: number;
  /** Of these, rows that were there before; undefined where nothing was merged. */
  readonly present: number | undefined;
  readonly loadedParts: number;
  readonly left: number;
  readonly leftParts: number;
  readonly quarantined: number;
  readonly firstLoadedAt: string | undefined;
  readonly lastLoadedAt: string | undefined;
  readonly rowsPerSecond: number | undefined;
}

/**
 * Reads how far a load is, also one that runs elsewhere at this moment. Takes no more than SELECT.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function targetState(url: string, manifest: MysqlManifest): Promise<TargetState> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  try {
    const databases: DatabaseState[] = [];
    const tables: TableState[] = [];
    const arrivals: LoadTime[] = [];
    let workingMs: number | undefined;
    const databaseOf = (table: MysqlTable): string => target.database ?? table.database;
    for (const database of new Set(manifest.tables.map(databaseOf))) {
      const connection = await loadConnection(session, database);
      const { times, nowMs } = await loadTimes(session, database);
      if (connection !== undefined) workingMs = nowMs;
      const own = manifest.tables.filter((t) => databaseOf(t) === database);
      const known = new Map(own.map((t) => [t.table, new Map(t.parts.map((p) => [p.file, p.plainSha256]))]));
      const isOurs = (t: LoadTime): boolean => known.get(t.table)?.get(t.part) === t.plainSha256;
      const parts = times.filter((t) => !t.isRepair);
      const ours = parts.filter(isOurs);
      arrivals.push(...ours);
      databases.push({
        database,
        loadConnection: connection,
        repairs: times.length - parts.length,
        foreignParts: parts.length - ours.length,
      });
      for (const table of own)
        tables.push(
          tableState(
            database,
            table,
            ours.filter((t) => t.table === table.table),
            workingMs,
          ),
        );
    }
    const sum = (count: (table: TableState) => number): number => tables.reduce((n, t) => n + count(t), 0);
    const speed = rowsPerSecond(arrivals, workingMs);
    const left = sum((t) => t.left);
    return {
      server: target.server,
      databases,
      tables,
      rows: sum((t) => t.rows),
      loaded: sum((t) => t.loaded),
      left,
      rowsPerSecond: speed,
      secondsLeft: speed === undefined || left === 0 ? undefined : left / speed,
    };
  } finally {
    await session.close();
  }
}

function tableState(
  database: string,
  table: MysqlTable,
  loaded: readonly LoadTime[],
  nowMs: number | undefined,
): TableState {
  const present = new Set(loaded.map((t) => t.part));
  const todo = table.parts.filter((p) => !present.has(p.file));
  const times = loaded.map((t) => t.loadedAtMs).sort((a, b) => a - b);
  const moment = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  return {
    namespace: table.namespace,
    database,
    table: table.table,
    rows: table.digest.rowCount,
    parts: table.parts.length,
    loaded: loaded.reduce((n, t) => n + t.rowCount, 0),
    present: loaded.some((t) => t.presentCount !== undefined)
      ? loaded.reduce((n, t) => n + (t.presentCount ?? 0), 0)
      : undefined,
    loadedParts: loaded.length,
    left: todo.reduce((n, p) => n + p.lineCount, 0),
    leftParts: todo.length,
    quarantined: loaded.reduce((n, t) => n + t.quarantinedCount, 0),
    firstLoadedAt: moment(times[0]),
    lastLoadedAt: moment(times.at(-1)),
    rowsPerSecond: rowsPerSecond(loaded, todo.length === 0 ? undefined : nowMs),
  };
}
