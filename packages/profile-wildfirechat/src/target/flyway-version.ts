import type { MysqlSession } from "@firebreak/mysql";
import { quoteIdentifier } from "@firebreak/mysql-format";

/** The table in which Flyway notes the migrations of the chat server's database. */
export const FLYWAY_HISTORY = "flyway_schema_history";

/** Returns the latest migration that succeeded. Undefined if there is no such table or no such migration. */
export async function flywayVersion(
  session: Pick<MysqlSession, "rows">,
  database: string,
): Promise<string | undefined> {
  const tables = await session.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, FLYWAY_HISTORY],
  );
  if (tables.length === 0) return undefined;
  const history = `${quoteIdentifier(database)}.${quoteIdentifier(FLYWAY_HISTORY)}`;
  const [row] = await session.rows<{ version: string }>(
    `SELECT version FROM ${history} WHERE success = 1 AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1`,
  );
  return row?.version;
}
