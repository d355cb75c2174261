import { killPoint, quoteIdentifier, type StepEvent } from "@firebreak/archive";
import { tableFacts, type MysqlSession } from "@firebreak/mysql";
import { deltaFault } from "./delta-faults.ts";
import type { DeltaTable } from "./delta-plan.ts";
import { lackingRoom } from "./delta-preflight.ts";

/**
 * Runs the statements that make room in tables for a delta's rows; the person has
 * agreed to them. Killed between two of them and run again it runs those that are
 * left.
 *
 * @throws {FirebreakError} `delta-alter-short`, or of mysql.
 */
export async function* alterTables(
  session: MysqlSession,
  tables: readonly DeltaTable[],
): AsyncGenerator<StepEvent> {
  for (const { database, table } of tables) {
    await session.run(`USE ${quoteIdentifier(database)}`);
    for (const statement of table.alter ?? []) {
      const found = await tableFacts(session, database, table.table);
      const columns = new Set(found?.columns.map((c) => c.name));
      // To widen a column twice does no harm; to add one twice is an error.
      const added = addedColumn(statement);
      if (added !== undefined && columns.has(added)) continue;
      yield { kind: "note", code: "table-altered", fields: { statement } };
      await session.run(statement);
      killPoint("table-altered");
    }
    const found = await tableFacts(session, database, table.table);
    const lacking = found === undefined ? [] : lackingRoom(table, found);
    if (lacking.length > 0)
      throw deltaFault("delta-alter-short", {
        table: table.table,
        columns: lacking.map((p) => p.column),
      });
  }
}

function addedColumn(statement: string): string | undefined {
  const name = /^ALTER TABLE `(?:[^`]|``)+` ADD COLUMN `((?:[^`]|``)+)`/.exec(statement)?.[1];
  return name?.replaceAll("``", "`");
}
