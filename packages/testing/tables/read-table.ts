import type { RowDataPacket } from "mysql2/promise";
import { withSql } from "../servers/empty-database.ts";

/** A row as the text protocol brings it: the bytes of each value, nothing converted. */
export type Row = Readonly<Record<string, Buffer | null>>;

export interface ReadTable {
  /** Column types by name, without the display widths that MariaDB still prints. */
  readonly types: Readonly<Record<string, string>>;
  readonly collations: Readonly<Record<string, string | null>>;
  /** In the order of the key. */
  readonly rows: readonly Row[];
}

/** Reads a whole table with the plain driver. */
export function readTable(url: string, table: string): Promise<ReadTable> {
  return withSql(url, async (connection) => {
    await connection.query("SET time_zone = '+00:00'");
    const [columns] = await connection.query<RowDataPacket[]>(
      `SELECT column_name AS name, column_type AS type, collation_name AS collation
       FROM information_schema.columns WHERE table_schema = DATABASE() AND table_name = ?
       ORDER BY ordinal_position`,
      [table],
    );
    // By place, not by name: the driver refuses a column called __proto__, and MariaDB may take é for e.
    const places = columns.map((_, i) => `c${i}`);
    const [rows] = await connection.query<RowDataPacket[]>({
      sql: `WITH t (${places.join(", ")}) AS (SELECT * FROM \`${table.replaceAll("`", "``")}\`) SELECT * FROM t ORDER BY c0`,
      typeCast: (field) => field.buffer(),
    });
    return {
      types: Object.fromEntries(columns.map((c) => [String(c["name"]), withoutWidth(String(c["type"]))])),
      collations: Object.fromEntries(
        columns.map((c) => [String(c["name"]), c["collation"] as string | null]),
      ),
      rows: rows.map((row) =>
        Object.fromEntries(columns.map((c, i) => [String(c["name"]), row[`c${i}`] as Buffer | null])),
      ),
    };
  });
}

function withoutWidth(type: string): string {
  return type.replace(/^(int|bigint)\(\d+\)$/, "$1");
}
