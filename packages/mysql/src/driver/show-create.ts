import type { RowDataPacket } from "mysql2/promise";
import type { MysqlSession } from "./connect.ts";
import { explainMysql } from "./mysql-faults.ts";
import { tableName } from "./server-facts.ts";

/** A row of SHOW CREATE, by the names that the server gives its columns. */
export type CreateRow = Readonly<Record<string, string | null>>;

/** The text that replaces a letter of four bytes if the server reads it as letters of three at most. */
const FOUR_BYTES_LOST = "????";

/**
 * Character sets whose bytes are UTF-8. The server names the one of the session that made the
 * statement; for a table it names none.
 */
const UTF8: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", ""]);

/**
 * Runs SHOW CREATE. Returns undefined if the server has no such object. In the server's answer,
 * emoji are question marks in expressions of a table and in the text of routines made over utf8mb3
 * (MySQL 9.7, MariaDB 10.11, tried). It then asks again, without conversion of the answer.
 *
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function showCreate(
  session: MysqlSession,
  kind: string,
  database: string,
  name: string,
): Promise<CreateRow | undefined> {
  const sql = `SHOW CREATE ${kind.toUpperCase()} ${tableName(database, name)}`;
  const [row] = await session.rows<CreateRow>(sql);
  const isLost = row !== undefined && Object.values(row).some((text) => text?.includes(FOUR_BYTES_LOST));
  if (!isLost || !UTF8.has(row["character_set_client"] ?? "")) return row;
  await session.run("SET SESSION character_set_results = NULL");
  try {
    // The driver reads utf8mb3 as CESU-8, which has no letters of four bytes.
    const typeCast = (field: { buffer(): Buffer | null }): string | null =>
      field.buffer()?.toString() ?? null;
    const [rows] = await session.connection.query<RowDataPacket[]>({ sql, typeCast });
    return rows[0];
  } catch (error) {
    throw explainMysql(error, session.target, sql);
  } finally {
    await session.setBack("SET SESSION character_set_results = utf8mb4");
  }
}
