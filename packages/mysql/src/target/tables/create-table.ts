import { FirebreakError, sha256Of, type MysqlTable } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { allowancesToWrite, type Allowances } from "../../driver/allowances.ts";
import { isRefusal } from "../../driver/mysql-faults.ts";
import { tableFacts } from "../../driver/table-facts.ts";
import { tableName } from "../../driver/server-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { TableRefusal } from "../load-faults.ts";

/** The result of creating a table in the target. */
export type Creation =
  | { readonly kind: "there" | "made" }
  /**
   * Only the table's own engine takes it. It is not created yet, and will be loaded directly in that engine.
   */
  | { readonly kind: "direct" }
  | { readonly kind: "refused"; readonly refusal: TableRefusal; readonly cause: FirebreakError };

/**
 * Creates a table unless it exists; an application's own table always does. If the table's engine cannot roll
 * back, the table is created in InnoDB, provided that both InnoDB and its own engine accept it.
 *
 * @throws {FirebreakError} of mysql.
 */
export async function createTable(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<Creation> {
  if (table.isGiven === true || (await tableFacts(session, database, table.table)) !== undefined)
    return { kind: "there" };
  await session.run(`USE ${quoteIdentifier(database)}`);
  await session.allow(allowancesToCreate(table));
  const { own, namespace } = table;
  const refused = (statement: string, cause: FirebreakError): Creation => {
    const refusal = { namespace, statement, reason: String(cause.fields["reason"]) };
    return { kind: "refused", refusal, cause };
  };
  const inEngine = own?.createInEngine;
  if (inEngine !== undefined) {
    const cause = await refusalOf(() => tryStatement(session, database, table, inEngine));
    if (cause !== undefined) return refused(inEngine, cause);
  }
  const make = (): Promise<unknown> =>
    own === undefined
      ? session.run(table.createTable)
      : runLeniently(session, table.createTable, inEngine === undefined ? "any-row" : "strict");
  const cause = await refusalOf(make);
  if (cause === undefined) return { kind: "made" };
  return inEngine === undefined ? refused(table.createTable, cause) : { kind: "direct" };
}

/** Returns true if only its own engine accepts a table. */
export async function needsOwnEngine(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<boolean> {
  if (table.own?.createInEngine === undefined) return false;
  await session.allow(allowancesToCreate(table));
  return (
    (await refusalOf(() => tryStatement(session, database, table, table.createTable, "strict"))) !== undefined
  );
}

/** MySQL allows each name of a check once per database (error reference: ER_CHECK_CONSTRAINT_DUP_NAME). */
export const CHECK_TAKEN = 3822;

/** Returns the server's refusal of a statement; undefined if the server accepted it. */
export async function refusalOf(work: () => Promise<unknown>): Promise<FirebreakError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error;
  }
}

/** Creates a table under another name, and drops it again. */
async function tryStatement(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  statement: string,
  rows?: "strict",
): Promise<void> {
  const fresh = asideName("new", database, table);
  await session.run(`DROP TABLE IF EXISTS ${fresh}`);
  await runLeniently(session, statementFor(fresh, statement, table.table), rows);
  await session.run(`DROP TABLE ${fresh}`);
}

/** Returns a name of Firebreak's own, of 64 characters at most. */
export function asideName(what: "new" | "old", database: string, { table }: MysqlTable): string {
  return tableName(database, `firebreak_${what}_${sha256Of(table).slice(0, 16)}`);
}

/** Returns a table's statement for another name. */
export function statementFor(place: string, statement: string, table: string): string {
  const head = `CREATE TABLE ${quoteIdentifier(table)} (`;
  if (!statement.startsWith(head)) throw new Error("a table's own statement begins with another name");
  return `CREATE TABLE ${place} (${statement.slice(head.length)}`;
}

/**
 * The default of a column may be a date that no calendar has, even if no row has it. In strict mode, the
 * server refuses an ENUM or SET with members that its collation takes for equal.
 */
export function allowancesToCreate(table: MysqlTable): Allowances {
  return {
    ...allowancesToWrite(table),
    oddDates: table.own !== undefined,
    enumZeros: table.columns.some((c) => c.form === "member"),
  };
}

/** Refuses tables whose rows may become too large for a page. */
const ROOM = "innodb_strict_mode";

/**
 * Checks that a current server applies to a statement, but that the table's original server did not apply. A
 * server has only some of them, and a user may change only some.
 */
const CHECKS = [
  // Foreign keys to columns that are not unique; checked since MySQL 8.4.
  "restrict_fk_on_non_standard_key",
  ROOM,
  "sql_require_primary_key",
] as const;

/** If this is on, MySQL adds a primary key, which no archive has, to a table without one. */
const OWN_KEY = "sql_generate_invisible_primary_key";

/**
 * Runs the statement of a table that existed elsewhere. If the server refuses it, runs it again without the
 * checks that the session may turn off.
 *
 * @param rows `strict` keeps the check that every row fits into the table, whatever its values.
 * @throws {FirebreakError} of mysql, the server's first refusal.
 */
export async function runLeniently(
  session: MysqlSession,
  statement: string,
  rows: "strict" | "any-row" = "any-row",
): Promise<void> {
  const changed = await turnedOff(session, [OWN_KEY]);
  try {
    await session.run(statement);
  } catch (error) {
    if (!isRefusal(error)) throw error;
    const checks = await turnedOff(
      session,
      CHECKS.filter((c) => rows === "any-row" || c !== ROOM),
    );
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

/**
 * Returns true if such a statement can create a table without a primary key, even if the server demands one.
 */
export async function mayLackKey(session: MysqlSession): Promise<boolean> {
  const changed = await turnedOff(session, ["sql_require_primary_key"]);
  for (const name of changed) await session.setBack(`SET SESSION ${name} = ON`);
  return changed.length > 0;
}

/** Turns these variables off and returns those that were on and that the user may turn off. */
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
