import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";

/** The number of partitions in one statement. A statement that opens some thousand takes long to plan. */
const PARTITIONS_AT_ONCE = 64;

/**
 * Makes the server read a row of a table, and of each of its partitions. If a file is lost or
 * another server does not answer, this is the first statement that says so.
 *
 * @param createStatement the statement that creates the table.
 * @throws {FirebreakError} any `mysql-…` code, with what the server says about the table.
 */
export async function probeTable(
  session: MysqlSession,
  database: string,
  name: string,
  createStatement: string,
): Promise<void> {
  const place = tableName(database, name);
  await session.rows(`SELECT 1 FROM ${place} LIMIT 1`);
  if (!/\bPARTITION BY\b/.test(createStatement)) return;
  const partitions = await session.rows<{ name: string }>(
    "SELECT COALESCE(subpartition_name, partition_name) AS name FROM information_schema.partitions WHERE table_schema = ? AND table_name = ? AND partition_name IS NOT NULL",
    [database, name],
  );
  for (let i = 0; i < partitions.length; i += PARTITIONS_AT_ONCE) {
    const some = partitions.slice(i, i + PARTITIONS_AT_ONCE);
    const each = some.map((p) => `(SELECT 1 FROM ${place} PARTITION (${quoteIdentifier(p.name)}) LIMIT 1)`);
    await session.rows(each.join(" UNION ALL "));
  }
}
