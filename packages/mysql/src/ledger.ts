import { quoteIdentifier } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";

/** The table in the target that says which parts are in. */
export const LEDGER = "firebreak_ledger";

/** One part that is in the target. */
export interface LedgerRow {
  readonly table: string;
  readonly part: string;
  readonly rowCount: number;
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
      plain_sha256 CHAR(64) NOT NULL,
      loaded_at DATETIME(3) NOT NULL,
      PRIMARY KEY (table_name, part)
    ) ENGINE=InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin`,
  );
}

/** Rows of the ledger; none where there is no ledger yet. */
export async function readLedger(session: MysqlSession, database: string): Promise<LedgerRow[]> {
  const tables = await session.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, LEDGER],
  );
  if (tables.length === 0) return [];
  const rows = await session.rows<{ t: string; p: string; n: string; h: string }>(
    `SELECT table_name AS t, part AS p, CAST(row_count AS CHAR) AS n, plain_sha256 AS h FROM ${ledgerOf(database)}`,
  );
  return rows.map((r) => ({ table: r.t, part: r.p, rowCount: Number(r.n), plainSha256: r.h }));
}

/** Notes a part as in; in the transaction that puts its rows in. */
export async function addToLedger(session: MysqlSession, database: string, row: LedgerRow): Promise<void> {
  await session.run(`INSERT INTO ${ledgerOf(database)} VALUES (?, ?, ?, ?, UTC_TIMESTAMP(3))`, [
    row.table,
    row.part,
    row.rowCount,
    row.plainSha256,
  ]);
}
