import type { MysqlSession } from "../driver/connect.ts";
import { LEDGER } from "../target/ledger/ledger.ts";
import { eventsBetween, LogGone, type LogEvent } from "./log-events.ts";
import { isStillThere, type LogPlace } from "./log-place.ts";
import { transactionsOf, type LoggedTransaction } from "./transactions.ts";

/** The verdict of a server's log on the writes to some of its tables between two places. */
export type WritesOfOthers =
  | { readonly kind: "none"; readonly transactions: number }
  /** A transaction changed rows of a table without changing the ledger. */
  | { readonly kind: "written"; readonly table: string; readonly at: LogEvent }
  /** The log does not tell what an event changed. */
  | { readonly kind: "unclear"; readonly at: LogEvent }
  /** A foreign key changes rows of a table with those of another one, which not every log has. */
  | { readonly kind: "cascades"; readonly table: string }
  /** The log was reset, its files were removed, or it is that of another server. */
  | { readonly kind: "log-gone"; readonly file: string };

/**
 * Looks in the log for writes to tables that were not made by a load: a load writes its ledger in the same
 * transaction.
 *
 * @param tables in `database.table` form.
 * @throws {FirebreakError} of mysql.
 */
export async function writesOfOthers(
  session: MysqlSession,
  from: LogPlace,
  to: LogPlace,
  tables: readonly { readonly database: string; readonly table: string }[],
): Promise<WritesOfOthers> {
  if (!(await isStillThere(session, from))) return { kind: "log-gone", file: from.file };
  const ours = new Map(
    tables.map(({ database, table }) => [nameOf(database, table), nameOf(database, LEDGER)]),
  );
  for (const database of new Set(tables.map((t) => t.database))) {
    const table = (await cascadingTables(session, database)).find((name) => ours.has(nameOf(database, name)));
    if (table !== undefined) return { kind: "cascades", table: `${database}.${table}` };
  }
  let transactions = 0;
  try {
    // The place itself may be behind events that belong to no transaction.
    const begin = { file: from.before.file, offset: from.before.end };
    for await (const transaction of transactionsOf(eventsBetween(session, begin, to))) {
      const found = foreignWrite(transaction, ours);
      if (found !== undefined) return found;
      transactions++;
    }
  } catch (error) {
    if (error instanceof LogGone) return { kind: "log-gone", file: error.message };
    throw error;
  }
  return { kind: "none", transactions };
}

/**
 * Returns the tables whose rows change by a cascade. InnoDB carries out cascades by itself; MySQL 9.6 is the first to
 * log them (release notes).
 */
async function cascadingTables(session: MysqlSession, database: string): Promise<string[]> {
  const found = await session.rows<{ name: string }>(
    `SELECT table_name AS name FROM information_schema.referential_constraints WHERE constraint_schema = ?
      AND (update_rule NOT IN ('RESTRICT', 'NO ACTION') OR delete_rule NOT IN ('RESTRICT', 'NO ACTION'))`,
    [database],
  );
  return found.map(({ name }) => name);
}

/**
 * Returns a name as it is compared with those of the log, which has lower case if the server stores names so
 * (lower_case_table_names). Elsewhere a table whose name differs in case counts as ours, too.
 */
function nameOf(database: string, table: string): string {
  return `${database}.${table}`.toLowerCase();
}

function foreignWrite(
  { tables, unclear, begin }: LoggedTransaction,
  ours: ReadonlyMap<string, string>,
): WritesOfOthers | undefined {
  if (unclear !== undefined) return { kind: "unclear", at: unclear };
  const written = new Set([...tables].map((table) => table.toLowerCase()));
  for (const table of tables) {
    const ledger = ours.get(table.toLowerCase());
    if (ledger !== undefined && !written.has(ledger)) return { kind: "written", table, at: begin };
  }
  return undefined;
}
