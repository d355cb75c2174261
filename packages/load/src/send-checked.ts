import { FirebreakError, type MysqlTable } from "@firebreak/archive";
import { tableName, type MysqlSession, type SendRows, type SentCounts } from "@firebreak/mysql";

/** MySQL's number for a duplicate key; LOAD DATA … REPLACE raises no error for one, it counts a deleted row. */
export const DUPLICATE_KEY = 1062;

/** Why the server did not take rows as they are. */
export interface RowsRefused {
  readonly errno: number;
  readonly message: string;
  readonly columns: readonly string[];
  readonly counts?: SentCounts;
}

/**
 * Sends rows and holds the server's counts against them: as many records as
 * rows, none deleted, none skipped, no warning. Anything else is a reason to roll
 * back, and is returned; what is no fault of a row is thrown.
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
    needsInsert: needsInsert(to.table),
  };
  let counts: SentCounts;
  try {
    counts = await send(session, target, bytes);
  } catch (error) {
    if (!(error instanceof FirebreakError) || error.code !== "mysql-data") throw error;
    const { errno, reason } = error.fields as { errno: number; reason: string };
    return {
      errno,
      message: reason,
      columns: errno === DUPLICATE_KEY ? keyColumns : columnsIn(reason, to.table),
    };
  }
  const { records, deleted, skipped } = counts;
  const warnings = counts.warnings > 0 ? await dataWarnings(session, counts.warnings) : 0;
  if (records === rowCount && deleted === 0 && skipped === 0 && warnings === 0) return undefined;
  if (warnings > 0) {
    // The list may be cut, the first of it is never missing.
    const listed = await session.rows<{ Code: number | string; Message: string }>("SHOW WARNINGS");
    const first = listed.find(({ Code }) => !DEPRECATIONS.has(Number(Code)));
    const message = first?.Message ?? `${warnings} warnings`;
    return { errno: Number(first?.Code ?? 0), message, columns: columnsIn(message, to.table), counts };
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

/** MariaDB refuses REPLACE for periods WITHOUT OVERLAPS. In a comment the words do no harm: an INSERT takes any row. */
function needsInsert({ own, createTable }: MysqlTable): boolean {
  return own !== undefined && / WITHOUT OVERLAPS\b/.test(createTable);
}

/** About what a statement names, a character set for one, and not about rows (error reference: ER_WARN_DEPRECATED_…). */
const DEPRECATIONS: ReadonlySet<number> = new Set([1287, 1681, 3719, 3778]);

/** How many of the last statement's warnings are about rows; the server may not list all it counted. */
async function dataWarnings(session: MysqlSession, count: number): Promise<number> {
  const listed = await session.rows<{ Code: number | string }>("SHOW WARNINGS");
  return count - listed.filter(({ Code }) => DEPRECATIONS.has(Number(Code))).length;
}

/** The column that a server's message names. */
function columnsIn(message: string, { columns }: MysqlTable): string[] {
  const named = /[Cc]olumn (?:'|`[^`]*`\.`[^`]*`\.`)([^'`]+)['`]/.exec(message)?.[1];
  return columns.filter((c) => c.name === named).map((c) => c.name);
}
