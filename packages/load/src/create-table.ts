import { FirebreakError, quoteIdentifier, sha256Of, type MysqlTable } from "@firebreak/archive";
import {
  allowancesToWrite,
  isRefusal,
  tableFacts,
  tableName,
  type Allowances,
  type MysqlSession,
} from "@firebreak/mysql";
import type { TableRefusal } from "./load-faults.ts";

/** How a table came to be in the target, or why it did not. */
export type Creation =
  | { readonly kind: "there" | "made" }
  /** Only its own engine takes it: it is not made yet, and will be loaded in that. */
  | { readonly kind: "direct" }
  | { readonly kind: "refused"; readonly refusal: TableRefusal; readonly cause: FirebreakError };

/**
 * Makes a table where there is none yet; an application's own is there. One of an engine that
 * cannot roll back is made in InnoDB, if that takes it and its own engine takes it too.
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

/** Whether only its own engine takes a table. */
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

/** In MySQL no two checks of a database have one name (error reference: ER_CHECK_CONSTRAINT_DUP_NAME). */
export const CHECK_TAKEN = 3822;

export function errnoOf({ cause }: FirebreakError): number {
  return cause instanceof Error && "errno" in cause ? Number(cause.errno) : 0;
}

/** What the server says against a statement; undefined where it took it. */
export async function refusalOf(work: () => Promise<unknown>): Promise<FirebreakError | undefined> {
  try {
    await work();
    return undefined;
  } catch (error) {
    if (!isRefusal(error)) throw error;
    return error;
  }
}

/** Makes a table by another name, and takes it away again. */
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

/** A name of ours, of 64 characters at most. */
export function asideName(what: "new" | "old", database: string, { table }: MysqlTable): string {
  return tableName(database, `firebreak_${what}_${sha256Of(table).slice(0, 16)}`);
}

/** The statement of a table, for one of another name. */
export function statementFor(place: string, statement: string, table: string): string {
  const head = `CREATE TABLE ${quoteIdentifier(table)} (`;
  if (!statement.startsWith(head)) throw new Error("a table's own statement begins with another name");
  return `CREATE TABLE ${place} (${statement.slice(head.length)}`;
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

/** Rows that may become too large for a page. */
const ROOM = "innodb_strict_mode";

/**
 * Checks that a server of today makes of a statement, and that the one where the table
 * was made did not make. A server has some of them, and a user may change some.
 */
const CHECKS = [
  // Foreign keys to columns that are not unique, since MySQL 8.4.
  "restrict_fk_on_non_standard_key",
  ROOM,
  "sql_require_primary_key",
] as const;

/** With it on, MySQL gives a table without a primary key one that is in no archive. */
const OWN_KEY = "sql_generate_invisible_primary_key";

/**
 * Runs the statement of a table that was there before: where the server refuses it,
 * once more without the checks that the session may leave out.
 *
 * @param rows `strict`: with the check that every row has room in the table, whatever its values.
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
