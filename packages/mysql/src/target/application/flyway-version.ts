import type { MysqlSession } from "../../driver/connect.ts";
import { tableName } from "../../driver/server-facts.ts";

/** The table in which Flyway notes the migrations of a database. */
export const FLYWAY_HISTORY = "flyway_schema_history";

/** Returns the latest migration that succeeded. Undefined if there is no such table or no such migration. */
export async function flywayVersion(session: MysqlSession, database: string): Promise<string | undefined> {
  const tables = await session.rows(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, FLYWAY_HISTORY],
  );
  if (tables.length === 0) return undefined;
  const [row] = await session.rows<{ version: string }>(
    `SELECT version FROM ${tableName(database, FLYWAY_HISTORY)} WHERE success = 1 AND version IS NOT NULL ORDER BY installed_rank DESC LIMIT 1`,
  );
  return row?.version;
}
