import type { Connection, RowDataPacket } from "mysql2/promise";

/**
 * All of a table, read without anything of ours: each value's bytes in hex, doubles by their bits, ENUMs and
 * SETs by their numbers too; sorted.
 */
export async function rowsOf(connection: Connection, database: string, table: string): Promise<string[]> {
  const [columns] = await connection.query<RowDataPacket[]>(
    "SELECT column_name AS name, data_type AS type FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
    [database, table],
  );
  const values = columns.flatMap(({ name, type }) => {
    if (/^(float|double)$/.test(String(type))) return [`HEX(ST_AsWKB(POINT(${quoted(String(name))}, 0)))`];
    const bytes = `HEX(CONVERT(${quoted(String(name))} USING binary))`;
    return /^(enum|set)$/.test(String(type)) ? [bytes, `CAST(${quoted(String(name))} AS UNSIGNED)`] : [bytes];
  });
  const [rows] = await connection.query<RowDataPacket[]>({
    sql: `SELECT ${values.join(", ")} FROM \`${database}\`.${quoted(table)}`,
    rowsAsArray: true,
  });
  return rows.map((row) => JSON.stringify(row)).sort();
}

/** All that a database is, by name: rows of tables, and statements of everything with what they were made under. */
export async function contentOf(connection: Connection, database: string): Promise<Map<string, unknown>> {
  const content = new Map<string, unknown>();
  const list = async (sql: string): Promise<RowDataPacket[]> =>
    (await connection.query<RowDataPacket[]>(sql, [database]))[0];
  const show = async (kind: string, name: string): Promise<void> => {
    const [[row]] = await connection.query<RowDataPacket[]>(
      `SHOW CREATE ${kind} \`${database}\`.${quoted(name)}`,
    );
    const { Created: _, ...rest } = row as Record<string, unknown>;
    content.set(`${kind} ${name}`, JSON.parse(JSON.stringify(rest).replaceAll(database, "DATABASE")));
  };
  // Named statements of views say their database, unless it is the session's.
  await connection.query(`USE \`${database}\``);
  for (const { name, type } of await list(
    "SELECT table_name AS name, table_type AS type FROM information_schema.tables WHERE table_schema = ?",
  )) {
    const kind = type === "VIEW" ? "VIEW" : type === "SEQUENCE" ? "SEQUENCE" : "TABLE";
    await show(kind, String(name));
    if (kind === "TABLE") content.set(`rows of ${name}`, await rowsOf(connection, database, String(name)));
    if (kind === "SEQUENCE") {
      const [rows] = await connection.query<RowDataPacket[]>(
        `SELECT next_not_cached_value AS n FROM ${quoted(String(name))}`,
      );
      content.set(`next of ${name}`, rows);
    }
  }
  for (const { name, type } of await list(
    "SELECT routine_name AS name, routine_type AS type FROM information_schema.routines WHERE routine_schema = ?",
  ))
    await show(String(type), String(name));
  const [libraries] = await connection.query<RowDataPacket[]>(
    "SELECT 1 FROM information_schema.tables WHERE table_schema = 'information_schema' AND table_name = 'LIBRARIES'",
  );
  if (libraries.length > 0)
    for (const { name } of await list(
      "SELECT library_name AS name FROM information_schema.libraries WHERE library_schema = ?",
    ))
      await show("LIBRARY", String(name));
  for (const { name } of await list(
    "SELECT event_name AS name FROM information_schema.events WHERE event_schema = ?",
  ))
    await show("EVENT", String(name));
  const triggers = await list(
    "SELECT trigger_name AS name, action_order AS n FROM information_schema.triggers WHERE trigger_schema = ? ORDER BY trigger_name",
  );
  content.set("triggers in order", triggers);
  for (const { name } of triggers) await show("TRIGGER", String(name));
  const [[created]] = await connection.query<RowDataPacket[]>(`SHOW CREATE DATABASE \`${database}\``);
  content.set("database", JSON.stringify(created).replaceAll(database, "DATABASE"));
  return content;
}

function quoted(name: string): string {
  return `\`${name.replaceAll("`", "``")}\``;
}
