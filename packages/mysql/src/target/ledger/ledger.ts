import { parsePartEntry, quoteIdentifier } from "@firebreak/mysql-format";
import type { PartEntry } from "@firebreak/archive";
import type { MysqlSession } from "../../driver/connect.ts";
import { IS_PART } from "./ledger-name.ts";

/** The table in the target that lists the loaded parts. */
export const LEDGER = "firebreak_ledger";

/** One part that is loaded in the target. */
export interface LedgerRow {
  readonly table: string;
  readonly part: string;
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

function ledgerOf(database: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(LEDGER)}`;
}

export async function createLedger(session: MysqlSession, database: string): Promise<void> {
  await session.run(
    `CREATE TABLE IF NOT EXISTS ${ledgerOf(database)} (
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
 * out repairs. Returns none if there is no ledger yet.
 */
export async function readLedger(session: MysqlSession, database: string): Promise<LedgerRow[]> {
  const tables = await session.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, LEDGER],
  );
  if (tables.length === 0) return [];
  return (await session.rows<SqlRow>(`${SELECT} FROM ${ledgerOf(database)} WHERE ${IS_PART}`)).map(
    toLedgerRow,
  );
}

/** Reads the same rows for one table. The ledger must exist. */
export async function readTableLedger(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<LedgerRow[]> {
  const sql = `${SELECT} FROM ${ledgerOf(database)} WHERE table_name = ? AND ${IS_PART}`;
  return (await session.rows<SqlRow>(sql, [table])).map(toLedgerRow);
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
  part: string,
  isLocked = false,
): Promise<LedgerRow | undefined> {
  const [row] = await session.rows<SqlRow>(
    `${SELECT} FROM ${ledgerOf(database)} WHERE table_name = ? AND part = ? ${isLocked ? "FOR UPDATE" : ""}`,
    [table, part],
  );
  return row === undefined ? undefined : toLedgerRow(row);
}

interface SqlRow {
  readonly table_name: string;
  readonly part: string;
  readonly row_count: string | number;
  readonly quarantined_count: string | number;
  readonly quarantine: string | null;
  readonly plain_sha256: string;
  readonly present_count?: string | number | null;
}

/** Selects all columns, since a ledger that an older Firebreak made has no `present_count`. */
const SELECT = "SELECT *";

function toLedgerRow(row: SqlRow): LedgerRow {
  const present = row.present_count ?? undefined;
  return {
    table: row.table_name,
    part: row.part,
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
  { table, part, rowCount, presentCount, quarantinedCount, quarantine, plainSha256 }: LedgerRow,
): Promise<void> {
  const isMerged = presentCount !== undefined;
  await session.run(
    `${verb} INTO ${ledgerOf(database)}
      (table_name, part, row_count, quarantined_count, quarantine, plain_sha256, loaded_at${isMerged ? ", present_count" : ""})
      VALUES (?, ?, ?, ?, ?, ?, UTC_TIMESTAMP(3)${isMerged ? ", ?" : ""})`,
    [
      table,
      part,
      rowCount,
      quarantinedCount,
      quarantine === undefined ? null : JSON.stringify(quarantine),
      plainSha256,
      ...(isMerged ? [presentCount] : []),
    ],
  );
}
