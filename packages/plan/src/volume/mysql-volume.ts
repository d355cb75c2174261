import type { MysqlSession } from "@firebreak/mysql";
import type { Volume } from "../plan-record.ts";

const SYSTEM = ["mysql", "sys", "information_schema", "performance_schema"];

/** Reads the sizes of the tables that a login sees, from the server's statistics. */
export async function mysqlVolume(session: MysqlSession): Promise<Volume[]> {
  const { database } = session.target;
  const where =
    database === undefined ? `table_schema NOT IN (${SYSTEM.map(() => "?").join(", ")})` : "table_schema = ?";
  const rows = await session.rows<Record<"db" | "name" | "items" | "bytes" | "indexBytes", string | null>>(
    `SELECT table_schema AS db, table_name AS name, table_rows AS items, data_length AS bytes, index_length AS indexBytes
      FROM information_schema.tables WHERE table_type = 'BASE TABLE' AND ${where} ORDER BY table_schema, table_name`,
    database === undefined ? SYSTEM : [database],
  );
  return rows.map(({ db, name, items, bytes, indexBytes }) => ({
    kind: "table",
    database: db!,
    name: name!,
    items: Number(items ?? 0),
    bytes: Number(bytes ?? 0),
    indexBytes: Number(indexBytes ?? 0),
  }));
}
