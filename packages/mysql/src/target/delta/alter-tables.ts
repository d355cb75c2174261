import { about, killPoint } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { tableFacts } from "../../driver/table-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { ToMysqlEvent } from "../mysql-load-notes.ts";
import { deltaFault } from "../load-faults.ts";
import { isNewIndex } from "./pending-statements.ts";
import { lackingRoom, type TableToAlter } from "./delta-preflight.ts";

/**
 * Runs the statements that prepare tables for a delta's rows, after the user has agreed to them. Their new
 * indexes are made when the rows are in. If it
 * is killed between two of them and run again, only the remaining statements run.
 *
 * @throws {FirebreakError} `delta-alter-short`, or of mysql.
 */
export async function* alterTables(
  session: MysqlSession,
  toAlter: readonly TableToAlter[],
): AsyncGenerator<ToMysqlEvent> {
  for (const { plan, statements } of toAlter) {
    const { database, table } = plan;
    await session.run(`USE ${quoteIdentifier(database)}`);
    for (const statement of statements.filter((one) => !isNewIndex(one))) {
      yield { kind: "note", code: "table-altered", fields: { statement } };
      await about(`${database}.${table.table}`, () => session.run(statement));
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
