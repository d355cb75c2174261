import type { MysqlSession } from "@firebreak/mysql";
import type { SlowQuery, TableUse } from "../facts-record.ts";

/** The number of queries to report for each server, those that took the most time together. */
export const MOST_QUERIES = 10;

const PICOSECONDS_PER_MS = 1e9;

/** Returns true if a server keeps statistics of its tables and queries. MariaDB does not unless it is told to. */
export async function hasPerformanceSchema(session: MysqlSession): Promise<boolean> {
  const [row] = await session.rows<{ Value: string }>("SHOW GLOBAL VARIABLES LIKE 'performance_schema'");
  return row?.Value === "ON";
}

/**
 * Reads how often each table and index of databases was used since the server started. Rows without an index are
 * reads of the whole table, and inserts (MySQL manual, 29.12.20.8).
 *
 * @throws {FirebreakError} `mysql-forbidden` without SELECT on performance_schema.
 */
export async function tableUse(session: MysqlSession, databases: readonly string[]): Promise<TableUse[]> {
  const rows = await session.rows<Record<"db" | "name" | "readCount" | "writes" | "time", string> & Index>(
    `SELECT object_schema AS db, object_name AS name, index_name AS indexName,
        CAST(count_read AS CHAR) AS readCount, CAST(count_write AS CHAR) AS writes, CAST(sum_timer_wait AS CHAR) AS time
      FROM performance_schema.table_io_waits_summary_by_index_usage
      WHERE object_type = 'TABLE' AND object_schema IN (${places(databases)})
      ORDER BY sum_timer_wait DESC, object_schema, object_name, index_name`,
    databases,
  );
  return rows.map(({ db, name, indexName, readCount, writes, time }) => ({
    database: db,
    table: name,
    ...(indexName === null ? {} : { index: indexName }),
    reads: Number(readCount),
    writes: Number(writes),
    ms: Number(time) / PICOSECONDS_PER_MS,
  }));
}

interface Index {
  readonly indexName: string | null;
}

/**
 * Reads which queries of databases took the most time since the server started. Their texts have no values.
 *
 * @throws {FirebreakError} `mysql-forbidden` without SELECT on performance_schema.
 */
export async function mysqlQueries(
  session: MysqlSession,
  databases: readonly string[],
): Promise<SlowQuery[]> {
  // A checksum reads whole tables, and no index would help it. Questions about tables are those of tools, as ours.
  const rows = await session.rows<
    Record<"db" | "text" | "runs" | "time" | "examined" | "returned" | "scans", string>
  >(
    `SELECT schema_name AS db, digest_text AS text, CAST(count_star AS CHAR) AS runs,
        CAST(sum_timer_wait AS CHAR) AS time, CAST(sum_rows_examined AS CHAR) AS examined,
        CAST(sum_rows_sent AS CHAR) AS returned, CAST(sum_no_index_used AS CHAR) AS scans
      FROM performance_schema.events_statements_summary_by_digest
      WHERE schema_name IN (${places(databases)}) AND digest_text NOT LIKE '%SHA2%'
        AND digest_text NOT LIKE '%information_schema%' AND digest_text NOT LIKE '%performance_schema%'
        AND (digest_text LIKE 'SELECT % FROM %' OR digest_text LIKE 'UPDATE%' OR digest_text LIKE 'DELETE%'
          OR digest_text LIKE 'INSERT%' OR digest_text LIKE 'REPLACE%')
      ORDER BY sum_timer_wait DESC LIMIT ${MOST_QUERIES}`,
    databases,
  );
  return rows.map(({ db, text, runs, time, examined, returned, scans }) => ({
    server: session.target.server,
    database: db,
    text,
    runs: Number(runs),
    ms: Number(time) / PICOSECONDS_PER_MS,
    examined: Number(examined),
    returned: Number(returned),
    // A query without a condition reads everything, whatever indexes there are.
    isScan: Number(scans) > 0 && / WHERE /.test(text),
  }));
}

function places(values: readonly unknown[]): string {
  return values.map(() => "?").join(", ");
}
