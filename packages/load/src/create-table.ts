import { quoteIdentifier, type MysqlTable } from "@firebreak/archive";
import { allowancesToWrite, tableFacts, type MysqlSession } from "@firebreak/mysql";

/** Makes a table where there is none yet; an application's own is there. */
export async function createTable(session: MysqlSession, database: string, table: MysqlTable): Promise<void> {
  if (table.isGiven === true || (await tableFacts(session, database, table.table)) !== undefined) return;
  await session.run(`USE ${quoteIdentifier(database)}`);
  // The default of a column may be such a date, where no value is.
  await session.allow({ ...allowancesToWrite(table), oddDates: table.own !== undefined });
  await session.run(table.createTable);
}
