import { about, FirebreakError } from "@firebreak/archive";
import { createLedger, tableName, type MysqlSession } from "@firebreak/mysql";
import { createTable } from "./create-table.ts";
import type { PlannedTable } from "./load-plan.ts";

/**
 * Makes the ledgers and all tables before any row is loaded.
 *
 * @throws {FirebreakError} of mysql; `table-refused`, and then none of the tables stays that were made here.
 */
export async function prepareTables(session: MysqlSession, planned: readonly PlannedTable[]): Promise<void> {
  for (const database of new Set(planned.map((t) => t.database))) await createLedger(session, database);
  const made: string[] = [];
  try {
    for (const { database, table } of planned)
      if (await about(`${database}.${table.table}`, () => createTable(session, database, table)))
        made.push(tableName(database, table.table));
  } catch (error) {
    // Without one of them nothing is loaded: those that this run made are empty, and would be in the way.
    if (error instanceof FirebreakError && error.code === "table-refused")
      for (const name of made.reverse()) await session.run(`DROP TABLE ${name}`);
    throw error;
  }
}
