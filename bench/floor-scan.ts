import { availableParallelism } from "node:os";
import { eachPart, type MysqlManifest, type MysqlTable } from "../packages/archive/dist/index.js";
import { quoteIdentifier } from "../packages/mysql-format/dist/index.js";
import {
  MysqlSession,
  mysqlTarget,
  SessionPool,
  storedTable,
  tableRanges,
  type TableRange,
} from "../packages/mysql/dist/index.js";
import { rangeSql } from "../packages/mysql/dist/stored/table-ranges.js";

interface Task {
  readonly table: MysqlTable;
  readonly range: TableRange;
}

/**
 * Seconds of a bare scan of every table that hashes all columns and sums two lanes: over as many connections as
 * checksum has by default, and in its ranges, or the ratio of the two would be one of connections.
 */
export async function scanFloorSeconds(url: string, manifest: MysqlManifest): Promise<number> {
  const target = mysqlTarget(url);
  const session = await MysqlSession.open(target);
  const sessions = new SessionPool(target);
  const rowCounts = new Map<MysqlTable, number>();

  async function* tasks(): AsyncGenerator<Task> {
    for (const table of manifest.tables) {
      const stored = await storedTable(session, target.database ?? table.database, table);
      for await (const range of tableRanges(session, target.database ?? table.database, stored))
        yield { table, range };
    }
  }
  const scan = ({ table, range }: Task): Promise<void> =>
    sessions.use(async (own) => {
      const names = table.columns.map((column) => quoteIdentifier(column.name)).join(", ");
      const [row] = await own.rows<{ n: unknown }>(
        `SELECT /*+ NO_MERGE(d) */ COUNT(*) AS n,
           SUM(CAST(CONV(LEFT(h, 16), 16, 10) AS UNSIGNED)) AS a,
           SUM(CAST(CONV(SUBSTRING(h, 17, 16), 16, 10) AS UNSIGNED)) AS b
         FROM (SELECT SHA2(CONCAT_WS(',', ${names}), 256) AS h
               FROM ${quoteIdentifier(table.table)}${rangeSql(table.keyColumns, range)}) d`,
      );
      rowCounts.set(table, (rowCounts.get(table) ?? 0) + Number(row?.n));
    });

  try {
    const startedAt = performance.now();
    for await (const _ of eachPart(tasks(), availableParallelism(), scan));
    const seconds = (performance.now() - startedAt) / 1000;
    for (const { table, digest } of manifest.tables.filter((t) => rowCounts.get(t) !== t.digest.rowCount))
      throw new Error(`the scan saw other than ${digest.rowCount} rows of ${table}`);
    return seconds;
  } finally {
    await sessions.close();
    await session.close();
  }
}
