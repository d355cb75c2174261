import type { MysqlTable } from "@firebreak/archive";
import { MysqlSession, mysqlTarget } from "@firebreak/mysql";
import { quoteIdentifier } from "@firebreak/mysql-format";

/** The space of an index in a scratch database, and the time of building it there by itself. */
export interface MeasuredIndex {
  readonly table: string;
  readonly index: string;
  readonly bytes: number;
  readonly ms: number;
}

/**
 * Measures the indexes of loaded tables: each is dropped and built again. The server's own statistics before and after
 * give its size, for which the login needs no privilege on other databases.
 *
 * @param url that of a scratch database, whose tables these are.
 * @throws {FirebreakError} of mysql.
 */
export async function measureIndexes(url: string, tables: readonly MysqlTable[]): Promise<MeasuredIndex[]> {
  const session = await MysqlSession.open(mysqlTarget(url));
  try {
    // MySQL otherwise shows sizes that may be a day old. MariaDB has no such setting, and does not read the comment.
    await session.run(
      "SET SESSION unique_checks = 1 /*!80000 , SESSION information_schema_stats_expiry = 0 */",
    );
    const measured: MeasuredIndex[] = [];
    for (const { table, indexes } of tables)
      for (const { name, statement } of indexes) {
        await session.run(`DROP INDEX ${quoteIdentifier(name)} ON ${quoteIdentifier(table)}`);
        const without = await indexBytes(session, table);
        const startedAt = performance.now();
        await session.run(statement);
        const ms = performance.now() - startedAt;
        measured.push({ table, index: name, bytes: (await indexBytes(session, table)) - without, ms });
      }
    return measured;
  } finally {
    await session.close();
  }
}

async function indexBytes(session: MysqlSession, table: string): Promise<number> {
  await session.rows(`ANALYZE NO_WRITE_TO_BINLOG TABLE ${quoteIdentifier(table)}`);
  const [row] = await session.rows<{ bytes: string | null }>(
    `SELECT CAST(index_length AS CHAR) AS bytes FROM information_schema.tables
      WHERE table_schema = DATABASE() AND table_name = ?`,
    [table],
  );
  return Number(row?.bytes ?? 0);
}
