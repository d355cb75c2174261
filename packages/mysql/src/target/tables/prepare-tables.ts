import { about } from "@firebreak/archive";
import { createLedger } from "../ledger/ledger.ts";
import { directTables } from "../ledger/direct-tables.ts";
import { tableName } from "../../driver/server-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import { createTable, type Creation } from "./create-table.ts";
import { loadFault } from "../load-faults.ts";
import type { PlannedTable } from "../load-plan.ts";

type Refused = Extract<Creation, { kind: "refused" }>;

/**
 * Creates the ledgers and all tables before any row is loaded.
 *
 * @returns the unfinished tables that only their own engine takes; these are created when they are loaded.
 * @throws {FirebreakError} of mysql; `table-refused` with all tables that the server refuses. The tables that
 * were created here are then dropped again.
 */
export async function prepareTables(
  session: MysqlSession,
  planned: readonly PlannedTable[],
): Promise<PlannedTable[]> {
  const direct: PlannedTable[] = [];
  const made: string[] = [];
  const refused: Refused[] = [];
  for (const [database, tables] of Map.groupBy(planned, (t) => t.database)) {
    await createLedger(session, database);
    const states = await directTables(session, database);
    for (const plan of tables) {
      const { table } = plan;
      const state = states.get(table.table);
      if (state === "unfinished") direct.push(plan);
      if (state !== undefined) continue;
      const created = await about(`${database}.${table.table}`, () => createTable(session, database, table));
      if (created.kind === "made") made.push(tableName(database, table.table));
      if (created.kind === "direct") direct.push(plan);
      if (created.kind === "refused") refused.push(created);
    }
  }
  if (refused.length === 0) return direct;
  // If one table is refused, nothing is loaded. The tables of this run are empty, and would be in the way.
  for (const name of made.reverse()) await session.run(`DROP TABLE ${name}`);
  throw tablesRefused(session.target.server, refused);
}

/** Returns the fault for tables that the server refuses to create. */
export function tablesRefused(server: string, refused: readonly Refused[]): unknown {
  return loadFault("table-refused", { server, tables: refused.map((r) => r.refusal) }, refused[0]?.cause);
}
