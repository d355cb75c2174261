import { FirebreakError, quoteIdentifier, type MysqlTable } from "@firebreak/archive";
import {
  allowancesToWrite,
  isRefusal,
  tableFacts,
  type Allowances,
  type MysqlSession,
} from "@firebreak/mysql";
import { loadFault } from "./load-faults.ts";

/**
 * Makes a table where there is none yet; an application's own is there.
 *
 * @returns whether it was made.
 * @throws {FirebreakError} of mysql; `table-refused` where the server does not take the statement.
 */
export async function createTable(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<boolean> {
  if (table.isGiven === true || (await tableFacts(session, database, table.table)) !== undefined)
    return false;
  await session.run(`USE ${quoteIdentifier(database)}`);
  await session.allow(allowancesToCreate(table));
  try {
    if (table.own === undefined) await session.run(table.createTable);
    else await runLeniently(session, table.createTable);
    return true;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const { server } = session.target;
    const reason = String(error.fields["reason"]);
    const fields = { server, namespace: table.namespace, reason, statement: table.createTable };
    throw loadFault("table-refused", fields, error);
  }
}

/**
 * The default of a column may be a date that no calendar has, where no value is; and
 * of members that a collation takes for one a strict session makes no ENUM or SET.
 */
export function allowancesToCreate(table: MysqlTable): Allowances {
  return {
    ...allowancesToWrite(table),
    oddDates: table.own !== undefined,
    enumZeros: table.columns.some((c) => c.form === "member"),
  };
}

/**
 * Checks that a server of today makes of a statement, and that the one where the table
 * was made did not make. A server has some of them, and a user may change some.
 */
const CHECKS = [
  // Foreign keys to columns that are not unique, since MySQL 8.4.
  "restrict_fk_on_non_standard_key",
  // Rows that may become too large for a page.
  "innodb_strict_mode",
  "sql_require_primary_key",
] as const;

/** With it on, MySQL gives a table without a primary key one that is in no archive. */
const OWN_KEY = "sql_generate_invisible_primary_key";

/**
 * Runs the statement of a table that was there before: where the server refuses it,
 * once more without the checks that the session may leave out.
 *
 * @throws {FirebreakError} of mysql, the server's first refusal.
 */
export async function runLeniently(session: MysqlSession, statement: string): Promise<void> {
  const changed = await turnedOff(session, [OWN_KEY]);
  try {
    await session.run(statement);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const checks = await turnedOff(session, CHECKS);
    changed.push(...checks);
    if (checks.length === 0) throw error;
    try {
      await session.run(statement);
    } catch (second) {
      throw isRefusal(second) ? error : second;
    }
  } finally {
    for (const name of changed) await session.setBack(`SET SESSION ${name} = ON`);
  }
}

/** Whether a table can be made by such a statement without a primary key, whatever the server asks of others. */
export async function mayLackKey(session: MysqlSession): Promise<boolean> {
  const changed = await turnedOff(session, ["sql_require_primary_key"]);
  for (const name of changed) await session.setBack(`SET SESSION ${name} = ON`);
  return changed.length > 0;
}

/** Returns those that were on, and that the user may turn off. */
async function turnedOff(session: MysqlSession, names: readonly string[]): Promise<string[]> {
  const rows = await session.rows<{ Variable_name: string; Value: string }>(
    `SHOW SESSION VARIABLES WHERE Variable_name IN (${names.map((n) => `'${n}'`).join(", ")})`,
  );
  const changed: string[] = [];
  for (const { Variable_name: name, Value: value } of rows) {
    if (value !== "ON") continue;
    try {
      await session.run(`SET SESSION ${name} = OFF`);
      changed.push(name);
    } catch (error) {
      if (!(error instanceof FirebreakError) || error.code !== "mysql-forbidden") throw error;
    }
  }
  return changed;
}
