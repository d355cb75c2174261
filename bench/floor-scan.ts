import { createConnection, type RowDataPacket } from "mysql2/promise";
import { quoteIdentifier } from "../packages/archive/dist/index.js";
import type { MysqlManifest } from "../packages/archive/dist/index.js";

/** Seconds of a bare scan of every table that hashes all columns and sums two lanes, on one connection. */
export async function scanFloorSeconds(url: string, manifest: MysqlManifest): Promise<number> {
  const connection = await createConnection({ uri: url });
  try {
    const startedAt = performance.now();
    for (const { table, columns, digest } of manifest.tables) {
      const names = columns.map((column) => quoteIdentifier(column.name)).join(", ");
      const [[row]] = await connection.query<RowDataPacket[]>(
        `SELECT /*+ NO_MERGE(d) */ COUNT(*) AS n,
           SUM(CAST(CONV(LEFT(h, 16), 16, 10) AS UNSIGNED)) AS a,
           SUM(CAST(CONV(SUBSTRING(h, 17, 16), 16, 10) AS UNSIGNED)) AS b
         FROM (SELECT SHA2(CONCAT_WS(',', ${names}), 256) AS h FROM ${quoteIdentifier(table)}) d`,
      );
      if (Number(row?.["n"]) !== digest.rowCount)
        throw new Error(`the scan saw ${row?.["n"]} of ${digest.rowCount} rows of ${table}`);
    }
    return (performance.now() - startedAt) / 1000;
  } finally {
    await connection.end();
  }
}
