import type { Delta, MysqlNamespace, MysqlTable, TablePart } from "@firebreak/archive";
import type { Arrival, ChainPlace, StatusLedger, StatusTarget } from "@firebreak/target";
import { rowsPerSecond } from "./speed.ts";

/**
 * The part of an archive that is loaded into a target, by the target's ledger. Times are of the target's
 * clock, in UTC.
 */
export interface TargetState {
  readonly server: string;
  readonly databases: readonly DatabaseState[];
  /** The tables; for MongoDB the collections, whose documents count as rows. */
  readonly tables: readonly TableState[];
  readonly rows: number;
  readonly loaded: number;
  readonly left: number;
  /** The speed over the last minutes in which parts were loaded; undefined if it cannot be measured. */
  readonly rowsPerSecond: number | undefined;
  /** The time until the last row is loaded, at that speed; indexes take more time after that. */
  readonly secondsLeft: number | undefined;
}

export interface DatabaseState extends Pick<StatusLedger, "loadConnection" | "loadProcess" | "repairs"> {
  readonly database: string;
  /**
   * For an archive with a chain there: its number (0 of a full archive), and that of the newest link loaded.
   */
  readonly link?: { readonly number: number; readonly newest: number };
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
  /** The number of loaded rows that were there before; undefined if nothing was merged. */
  readonly present: number | undefined;
  readonly loadedParts: number;
  readonly left: number;
  readonly leftParts: number;
  /** Documents that transform set aside, counted at the first table of their namespace. */
  readonly quarantined: number;
  /** Rows that the target refused. */
  readonly quarantinedAtLoad: number;
  readonly firstLoadedAt: string | undefined;
  readonly lastLoadedAt: string | undefined;
  readonly rowsPerSecond: number | undefined;
}

/** A table or collection of the archive, with its target database. */
export interface ExpectedTable {
  readonly namespace: string;
  readonly database: string;
  readonly table: string;
  readonly rowCount: number;
  readonly parts: readonly TablePart[];
  readonly quarantined: number;
}

/** The facts of one database in a target's ledgers. */
export interface DatabaseLedger extends Omit<DatabaseState, "foreignParts"> {
  readonly arrivals: readonly Arrival[];
  readonly nowMs: number;
}

/** The output of transform for any kind of target, as far as a status of the target needs it. */
export interface MadeTables {
  readonly delta?: Delta | undefined;
  readonly namespaces: readonly Pick<MysqlNamespace, "namespace" | "quarantinedCount">[];
  /** The tables, or for MongoDB the collections. */
  readonly tables: readonly Pick<
    MysqlTable,
    "namespace" | "database" | "table" | "digest" | "parts" | "change" | "keys"
  >[];
}

/**
 * Reads the progress of a load, also of one that runs elsewhere at this moment. For a delta it looks only at
 * tables that the delta changes.
 *
 * @param place of the archive in its chain.
 * @throws {FirebreakError} from the target.
 */
export async function readTargetState(
  target: StatusTarget,
  { delta, namespaces, tables }: MadeTables,
  place: ChainPlace,
): Promise<TargetState> {
  const open = await target.open(place);
  try {
    const databaseOf = ({ database }: { database: string }): string => open.database ?? database;
    const isDelta = delta !== undefined;
    const changed = tables.filter((t) => !isDelta || t.change !== undefined);
    const keys = new Set(changed.flatMap((t) => t.keys ?? []).map((k) => open.partName(k.file)));
    const quarantined = quarantinedOnce(namespaces);
    const expected = changed.map(({ namespace, database, table, digest, parts }) => ({
      namespace,
      database: databaseOf({ database }),
      table,
      rowCount: isDelta ? parts.reduce((sum, p) => sum + p.lineCount, 0) : digest.rowCount,
      parts: parts.map((p) => ({ ...p, file: open.partName(p.file) })),
      quarantined: quarantined(namespace),
    }));
    const ledgers: DatabaseLedger[] = [];
    for (const database of new Set(tables.map(databaseOf))) {
      const { newestLink: newest, loadProcess, arrivals, ...ledger } = await open.ledger(database);
      ledgers.push({
        database,
        ...ledger,
        ...(loadProcess === undefined ? {} : { loadProcess }),
        ...(newest === undefined ? {} : { link: { number: place.number, newest } }),
        arrivals: arrivals.filter((a) => !keys.has(a.part)),
      });
    }
    return targetStateOf(open.server, expected, ledgers);
  } catch (error) {
    throw open.explain(error);
  } finally {
    await open.close();
  }
}

/**
 * Makes a function that returns the quarantined documents of a namespace once, and then 0. Only the
 * namespace's first table shows them, so that sums over tables are right.
 */
export function quarantinedOnce(
  namespaces: readonly Pick<MysqlNamespace, "namespace" | "quarantinedCount">[],
): (namespace: string) => number {
  const counts = new Map(namespaces.map((n) => [n.namespace, n.quarantinedCount]));
  return (namespace) => {
    const count = counts.get(namespace) ?? 0;
    counts.delete(namespace);
    return count;
  };
}

/** Compares ledgers with the expected tables. Pure. */
export function targetStateOf(
  server: string,
  expected: readonly ExpectedTable[],
  ledgers: readonly DatabaseLedger[],
): TargetState {
  const databases: DatabaseState[] = [];
  const tables: TableState[] = [];
  const arrivals: Arrival[] = [];
  let workingMs: number | undefined;
  for (const { arrivals: all, nowMs, ...database } of ledgers) {
    if (database.loadConnection !== undefined || database.loadProcess !== undefined) workingMs = nowMs;
    const own = expected.filter((t) => t.database === database.database);
    const known = new Map(own.map((t) => [t.table, new Map(t.parts.map((p) => [p.file, p.plainSha256]))]));
    const ours = all.filter((a) => known.get(a.table)?.get(a.part) === a.plainSha256);
    arrivals.push(...ours);
    databases.push({ ...database, foreignParts: all.length - ours.length });
    for (const table of own) {
      const loaded = ours.filter((a) => a.table === table.table);
      tables.push(tableState(table, loaded, workingMs));
    }
  }
  const sum = (count: (table: TableState) => number): number => tables.reduce((n, t) => n + count(t), 0);
  const speed = rowsPerSecond(arrivals, workingMs);
  const left = sum((t) => t.left);
  return {
    server,
    databases,
    tables,
    rows: sum((t) => t.rows),
    loaded: sum((t) => t.loaded),
    left,
    rowsPerSecond: speed,
    secondsLeft: speed === undefined || left === 0 ? undefined : left / speed,
  };
}

function tableState(
  { namespace, database, table, rowCount, parts, quarantined }: ExpectedTable,
  loaded: readonly Arrival[],
  nowMs: number | undefined,
): TableState {
  const present = new Set(loaded.map((t) => t.part));
  const todo = parts.filter((p) => !present.has(p.file));
  const times = loaded.map((t) => t.loadedAtMs).sort((a, b) => a - b);
  const moment = (ms: number | undefined): string | undefined =>
    ms === undefined ? undefined : new Date(ms).toISOString();
  return {
    namespace,
    database,
    table,
    rows: rowCount,
    parts: parts.length,
    loaded: loaded.reduce((n, t) => n + t.rowCount, 0),
    present: loaded.some((t) => t.presentCount !== undefined)
      ? loaded.reduce((n, t) => n + (t.presentCount ?? 0), 0)
      : undefined,
    loadedParts: loaded.length,
    left: todo.reduce((n, p) => n + p.lineCount, 0),
    leftParts: todo.length,
    quarantined,
    quarantinedAtLoad: loaded.reduce((n, t) => n + t.quarantinedCount, 0),
    firstLoadedAt: moment(times[0]),
    lastLoadedAt: moment(times.at(-1)),
    rowsPerSecond: rowsPerSecond(loaded, todo.length === 0 ? undefined : nowMs),
  };
}
