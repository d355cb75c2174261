import { parsePartEntry, quoteIdentifier } from "@firebreak/mysql-format";
import type { PartEntry } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import { databaseExists } from "../../driver/server-facts.ts";
import { ledgerName, ledgerSubject, type LedgerSubject } from "./ledger-name.ts";

/** The table in the target that lists the loaded parts. */
export const LEDGER = "firebreak_ledger";

/** One part that is loaded in the target, or something else that was done to a table. */
export interface LedgerRow {
  readonly table: string;
  readonly subject: LedgerSubject;
  /** The number of the part's rows that are in the table. */
  readonly rowCount: number;
  /**
   * The number of those that were there before. Undefined if the part was not merged with rows that
   * are not ours.
   */
  readonly presentCount?: number | undefined;
  /** The number of the part's rows that the server refused. */
  readonly quarantinedCount: number;
  /** The sealed file with the refused rows, below the work folder's quarantine. */
  readonly quarantine: PartEntry | undefined;
  readonly plainSha256: string;
}

/** The ledgers of databases by their names. A database that does not exist has no entry. */
export type Ledgers = ReadonlyMap<string, readonly LedgerRow[]>;

/** Returns a ledger row of something that has no rows in quarantine. */
export function plainLedgerRow(
  table: string,
  subject: LedgerSubject,
  rowCount: number,
  plainSha256: string,
): LedgerRow {
  return { table, subject, rowCount, quarantinedCount: 0, quarantine: undefined, plainSha256 };
}

export function ledgerTable(database: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)}`;
}

/** Returns true if a database has a ledger. */
export async function hasLedger(session: MysqlSession, database: string): Promise<boolean> {
  const sql = "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?";
  return (await session.rows(sql, [database, LEDGER])).length > 0;
}

export async function createLedger(session: MysqlSession, database: string): Promise<void> {
  if (await hasLedger(session, database)) return;
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${ledgerTable(database)} (
      table_name VARCHAR(64) NOT NULL,
      part VARCHAR(255) NOT NULL,
      row_count BIGINT NOT NULL,
      quarantined_count BIGINT NOT NULL,
      quarantine VARCHAR(2048) NULL,
      plain_sha256 CHAR(64) NOT NULL,
      loaded_at DATETIME(3) NOT NULL,
      present_count BIGINT NULL,
      PRIMARY KEY (table_name, part)
    ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  );
}

/**
 * Reads the ledger's rows about parts of archives and about what deltas did to tables. It leaves
 * out repairs: a repair restores what a table's parts say, so the rows of the parts are the table's rows
 * before and after. Returns none if there is no ledger yet.
 */
export async function readLedger(session: MysqlSession, database: string): Promise<LedgerRow[]> {
  return (await hasLedger(session, database)) ? selectRows(session, database) : [];
}

/** Reads the ledgers of those databases that exist. */
export async function readLedgers(session: MysqlSession, databases: readonly string[]): Promise<Ledgers> {
  const ledgers = new Map<string, readonly LedgerRow[]>();
  for (const database of databases)
    if (await databaseExists(session, database)) ledgers.set(database, await readLedger(session, database));
  return ledgers;
}

/** Groups ledgers by table, once for all tables. The result returns the rows of a table. */
export function ledgerOfTable(ledgers: Ledgers): (database: string, table: string) => readonly LedgerRow[] {
  const sorted = new Map(
    [...ledgers].map(([database, rows]) => [database, Map.groupBy(rows, (r) => r.table)]),
  );
  return (database, table) => sorted.get(database)?.get(table) ?? [];
}

/** Reads the same rows as `readLedger` for one table. The ledger must exist. */
export async function readTableLedger(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<LedgerRow[]> {
  return selectRows(session, database, "WHERE table_name = ?", [table]);
}

/**
 * Reads the ledger's row of one part. The ledger must exist.
 *
 * @param isLocked true to lock the row, so that nobody else changes it before the transaction ends.
 */
export async function ledgerRowOf(
  session: MysqlSession,
  database: string,
  table: string,
  part: LedgerSubject,
  isLocked = false,
): Promise<LedgerRow | undefined> {
  const condition = `WHERE table_name = ? AND part = ? ${isLocked ? "FOR UPDATE" : ""}`;
  return (await selectRows(session, database, condition, [table, ledgerName(part)]))[0];
}

/** A part or a repair, with the time when it was loaded, by the target's clock. */
export interface LoadTime extends LedgerRow {
  readonly loadedAtMs: number;
}

/**
 * Reads all that a database's ledger says about tables, with the target's own time. `times` is
 * empty if there is no ledger.
 */
export async function loadTimes(
  session: MysqlSession,
  database: string,
): Promise<{ times: LoadTime[]; nowMs: number }> {
  const [clock] = await session.rows<{ now: string }>("SELECT CAST(UTC_TIMESTAMP(3) AS CHAR) AS now");
  const nowMs = milliseconds(clock!.now);
  if (!(await hasLedger(session, database))) return { times: [], nowMs };
  const rows = await session.rows<SqlRow>(`${SELECT} FROM ${ledgerTable(database)}`);
  const times = rows.map((row) => ({ ...toLedgerRow(row), loadedAtMs: milliseconds(row.loaded_at) }));
  return { times: times.filter((t) => isOfPart(t) || t.subject.kind === "repair"), nowMs };
}

/** Parses a date of the server, which arrives as text in UTC. */
function milliseconds(text: string): number {
  return Date.parse(`${text.replace(" ", "T")}Z`);
}

async function selectRows(
  session: MysqlSession,
  database: string,
  condition = "",
  values: readonly string[] = [],
): Promise<LedgerRow[]> {
  const rows = await session.rows<SqlRow>(`${SELECT} FROM ${ledgerTable(database)} ${condition}`, values);
  return rows.map(toLedgerRow).filter(isOfPart);
}

function isOfPart({ subject: { kind } }: LedgerRow): boolean {
  return kind === "part" || kind === "delta-part" || kind === "delta-table";
}

interface SqlRow {
  readonly table_name: string;
  readonly part: string;
  readonly row_count: string | number;
  readonly quarantined_count: string | number;
  readonly quarantine: string | null;
  readonly plain_sha256: string;
  readonly loaded_at: string;
  readonly present_count?: string | number | null;
}

/** Selects all columns, since a ledger that an older Firebreak made has no `present_count`. */
const SELECT = "SELECT *";

function toLedgerRow(row: SqlRow): LedgerRow {
  const present = row.present_count ?? undefined;
  return {
    table: row.table_name,
    subject: ledgerSubject(row.part),
    rowCount: Number(row.row_count),
    presentCount: present === undefined ? undefined : Number(present),
    quarantinedCount: Number(row.quarantined_count),
    quarantine: row.quarantine === null ? undefined : parsePartEntry(row.quarantine),
    plainSha256: row.plain_sha256,
  };
}

/** Notes a part as loaded. Call it in the transaction that inserts its rows. */
export async function addToLedger(session: MysqlSession, database: string, row: LedgerRow): Promise<void> {
  await write(session, "INSERT", database, row);
}

/** Notes that other rows of a part are in than before. Call it in the transaction that changes them. */
export async function changeLedger(session: MysqlSession, database: string, row: LedgerRow): Promise<void> {
  // REPLACE needs no privilege that a load does not need anyway; UPDATE would.
  await write(session, "REPLACE", database, row);
}

async function write(
  session: MysqlSession,
  verb: "INSERT" | "REPLACE",
  database: string,
  { table, subject, rowCount, presentCount, quarantinedCount, quarantine, plainSha256 }: LedgerRow,
): Promise<void> {
  const isMerged = presentCount !== undefined;
  await session.run(
    `${verb} INTO ${ledgerTable(database)}
      (table_name, part, row_count, quarantined_count, quarantine, plain_sha256, loaded_at${isMerged ? ", present_count" : ""})
      VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)${isMerged ? ", ?" : ""})`,
    [
      table,
      ledgerName(subject),
      rowCount,
      quarantinedCount,
      quarantine === undefined ? null : JSON.stringify(quarantine),
      plainSha256,
      ...(isMerged ? [presentCount] : []),
    ],
  );
}
