import { setTimeout as wait } from "node:timers/promises";
import { execa } from "execa";
import { createConnection, type RowDataPacket } from "mysql2/promise";

const DEADLINE_MS = 60_000;

/** Waits until the server and the system have written what changed, so that one measurement does not pay for the one before. */
export async function settle(url: string): Promise<void> {
  await execa("sync");
  const connection = await createConnection({ uri: url });
  try {
    const [[before]] = await connection.query<RowDataPacket[]>(
      "SELECT @@GLOBAL.innodb_max_dirty_pages_pct AS pct",
    );
    await connection.query("SET GLOBAL innodb_max_dirty_pages_pct = 0");
    for (const deadline = Date.now() + DEADLINE_MS; Date.now() < deadline; await wait(200)) {
      const [[row]] = await connection.query<RowDataPacket[]>(
        "SHOW GLOBAL STATUS LIKE 'Innodb_buffer_pool_pages_dirty'",
      );
      if (Number(row?.["Value"]) < 100) break;
    }
    await connection.query("SET GLOBAL innodb_max_dirty_pages_pct = ?", [Number(before?.["pct"] ?? 90)]);
  } finally {
    await connection.end();
  }
}
