import type { Connection, RowDataPacket } from "mysql2/promise";

/** All of a table, read without anything of ours: each value's bytes in hex, doubles by their bits; sorted. */
export async function rowsOf(connection: Connection, database: string, table: string): Promise<string[]> {
  const [columns] = await connection.query<RowDataPacket[]>(
    "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
    [database, table],
  );
  const values = columns.map(({ name, type }) =>
    /^(float|double)$/.test(String(type))
      ? `HEX(ST_AsWKB(POINT(\`${name}\`, 0)))`
      : `HEX(CONVERT(\`${name}\` USING binary))`,
  );
  const [rows] = await connection.query<RowDataPacket[]>({
    sql: `SELECT ${values.join(", ")} FROM \`${database}\`.\`${table}\``,
    rowsAsArray: true,
  });
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** The statement that SHOW CREATE gives. */
export async function statementOf(
  connection: Connection,
  kind: "TABLE" | "VIEW" | "PROCEDURE" | "FUNCTION" | "EVENT" | "TRIGGER",
  database: string,
  name: string,
): Promise<string> {
  const [rows] = await connection.query<RowDataPacket[]>(`SHOW CREATE ${kind} \`${database}\`.\`${name}\``);
  const row = rows[0] as Record<string, string>;
  return (row[`Create ${kind[0]}${kind.slice(1).toLowerCase()}`] ?? row["SQL Original Statement"])!;
}
