import { FirebreakError, type MysqlTable } from "@firebreak/archive";
import { tableName } from "../../driver/server-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { SendRows, SentCounts } from "../sending/send-rows.ts";

/**
 * MySQL's number for a duplicate key. LOAD DATA … REPLACE raises no error for one, but counts a deleted row.
 */
export const DUPLICATE_KEY = 1062;

/** The reason why the server did not take rows as they are. */
export interface RowsRefused {
  readonly errno: number;
  readonly message: string;
  readonly columns: readonly string[];
  readonly counts?: SentCounts;
}

/**
 * Sends rows and compares them with the server's counts: as many records as rows, none deleted, none skipped,
 * no warning. Anything else is a reason to roll back, and is returned. An error that no row caused is thrown.
 */
export async function sendChecked(
  session: MysqlSession,
  send: SendRows,
  to: { readonly database: string; readonly table: MysqlTable; readonly file: string },
  rowCount: number,
  bytes: AsyncIterable<Buffer>,
): Promise<RowsRefused | undefined> {
  const { table, columns, keyColumns, own } = to.table;
  const target = {
    target: tableName(to.database, table),
    columns,
    file: to.file,
    hasJsonDecimals: own?.hasJsonDecimals === true,
    hasEnumZeros: own?.hasEnumZeros === true,
    needsInsert: needsInsert(to.table),
  };
  let counts: SentCounts;
  try {
    counts = await send(session, target, bytes);
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "mysql-data") throw error;
    const errno = Number(error.fields["errno"]);
    const reason = String(error.fields["reason"]);
    return {
      errno,
      message: reason,
      columns: errno === DUPLICATE_KEY ? keyColumns : columnsIn(reason, to.table),
    };
  }
  const { records, deleted, skipped, warnings, firstWarning } = counts;
  if (records === rowCount && deleted === 0 && skipped === 0 && warnings === 0) return undefined;
  if (warnings > 0) {
    const { errno, message } = firstWarning ?? { errno: 0, message: `${warnings} warnings` };
    return { errno, message, columns: columnsIn(message, to.table), counts };
  }
  if (deleted > 0)
    return {
      errno: DUPLICATE_KEY,
      message: "a row with the same key is in the table already",
      columns: keyColumns,
      counts,
    };
  return {
    errno: 0,
    message: `the server took ${rowCount} rows for ${records}, and skipped ${skipped}`,
    columns: [],
    counts,
  };
}

/**
 * MariaDB refuses REPLACE for periods WITHOUT OVERLAPS. If only a comment has these words, an INSERT does no
 * harm: it takes any row.
 */
function needsInsert({ own, createTable }: MysqlTable): boolean {
  return own !== undefined && / WITHOUT OVERLAPS\b/.test(createTable);
}

/** Returns the column that a server's message names. */
function columnsIn(message: string, { columns }: MysqlTable): string[] {
  const named = /[Cc]olumn (?:'|`[^`]*`\.`[^`]*`\.`)([^'`]+)['`]/.exec(message)?.[1];
  return columns.filter((c) => c.name === named).map((c) => c.name);
}
