import { about, type MysqlTable } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { countRows, tableName } from "../../driver/server-facts.ts";
import { errnoOf, isRefusal } from "../../driver/mysql-faults.ts";
import { tableFacts } from "../../driver/table-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import {
  allowancesToCreate,
  asideName,
  CHECK_TAKEN,
  refusalOf,
  runLeniently,
  statementFor,
} from "./create-table.ts";
import { loadFault } from "../load-faults.ts";
import type { PlannedTable } from "../load-plan.ts";

/**
 * Moves tables into their own engines if these cannot roll back part of a load. All rows must be in, and none
 * may wait in quarantine.
 *
 * The table is created by its own statement and filled from the loaded one, then the two swap names in one
 * step. If the process is killed before that, it starts again. ALTER TABLE would not restore what InnoDB did
 * not accept, such as an index USING HASH.
 */
export async function settleEngines(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  for (const { database, table, done, todo } of planned) {
    const { own } = table;
    const isIn = todo.length === 0 && done.every(({ ledger }) => ledger.quarantinedCount === 0);
    if (own?.createInEngine !== undefined && isIn)
      await changeEngine(session, database, table, own.engine, own.createInEngine);
  }
}

/**
 * Moves a table of such an engine to InnoDB for a while, which can roll back part of a delta. If the process
 * is killed, it starts again.
 */
export async function leaveEngine(session: MysqlSession, database: string, table: MysqlTable): Promise<void> {
  await changeEngine(session, database, table, "InnoDB", table.createTable);
}

async function changeEngine(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  engine: string,
  statement: string,
): Promise<void> {
  const place = tableName(database, table.table);
  const [fresh, old] = [asideName("new", database, table), asideName("old", database, table)];
  await about(table.namespace, async () => {
    const facts = await tableFacts(session, database, table.table);
    if (facts !== undefined && facts.engine !== engine) {
      await session.run(`DROP TABLE IF EXISTS ${fresh}`);
      await session.allow(allowancesToCreate(table));
      try {
        await makeBeside(session, database, table, statementFor(fresh, statement, table.table));
        await copyRows(session, database, table, fresh, engine);
      } catch (error) {
        throw await engineFault(session, { table, engine, fresh, error });
      }
      await session.run(`RENAME TABLE ${place} TO ${old}, ${fresh} TO ${place}`);
    }
    await session.run(`DROP TABLE IF EXISTS ${old}`);
  });
}

/**
 * Creates a table like an existing one. In MySQL the checks of the existing table are dropped if they have
 * the names that the new one needs.
 */
async function makeBeside(
  session: MysqlSession,
  database: string,
  { table }: MysqlTable,
  statement: string,
): Promise<void> {
  const refused = await refusalOf(() => runLeniently(session, statement));
  if (refused === undefined) return;
  if (errnoOf(refused) !== CHECK_TAKEN) throw refused;
  const checks = await session.rows<{ name: string }>(
    "SELECT constraint_name AS name FROM information_schema.table_constraints WHERE table_schema = ? AND table_name = ? AND constraint_type = 'CHECK'",
    [database, table],
  );
  const drops = checks.map(({ name }) => `DROP CHECK ${quoteIdentifier(name)}`).join(", ");
  await session.run(`ALTER TABLE ${tableName(database, table)} ${drops}`);
  await runLeniently(session, statement);
}

/** Returns the fault of an engine's refusal, and drops the new table if the server still answers. */
async function engineFault(
  session: MysqlSession,
  { table, engine, fresh, error }: { table: MysqlTable; engine: string; fresh: string; error: unknown },
): Promise<unknown> {
  if (!isRefusal(error)) return error;
  await session.run(`DROP TABLE IF EXISTS ${fresh}`);
  const { server } = session.target;
  const reason = String(error.fields["reason"]);
  return loadFault("engine-refused", { server, namespace: table.namespace, engine, reason }, error);
}

async function copyRows(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
  to: string,
  engine: string,
): Promise<void> {
  const columns = table.columns.map((c) => quoteIdentifier(c.name)).join(", ");
  const key = table.keyColumns.map(quoteIdentifier).join(", ");
  // An ARCHIVE table takes AUTO_INCREMENT numbers only in ascending order.
  const order = engine === "ARCHIVE" && key !== "" ? ` ORDER BY ${key}` : "";
  const from = tableName(database, table.table);
  const expected = await countRows(session, database, table.table);
  const found =
    columns === ""
      ? await makeRows(session, to, expected)
      : (await session.run(`INSERT INTO ${to} (${columns}) SELECT ${columns} FROM ${from}${order}`))
          .affectedRows;
  if (expected !== found) throw loadFault("engine-rows", { table: table.table, expected, found });
}

const ROWS_AT_ONCE = 1000;

/** Inserts rows that have only generated columns, whose values no SELECT can list. */
async function makeRows(session: MysqlSession, to: string, count: number): Promise<number> {
  let made = 0;
  while (made < count) {
    const rows = Array.from({ length: Math.min(ROWS_AT_ONCE, count - made) }, () => "()");
    made += (await session.run(`INSERT INTO ${to} () VALUES ${rows.join(", ")}`)).affectedRows;
  }
  return made;
}
