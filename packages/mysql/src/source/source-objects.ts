import { quoteIdentifier, type SourceDatabase, type StoredObject } from "@firebreak/archive";
import type { MysqlSession } from "../connect.ts";
import { tableName } from "../server-facts.ts";
import { showCreate, type CreateRow } from "../show-create.ts";

/** What was found of a database besides tables, and what of it the user may not read. */
export interface FoundObjects {
  readonly database: SourceDatabase;
  /** By table. */
  readonly triggers: ReadonlyMap<string, readonly StoredObject[]>;
  /** Routines whose bodies the user may not see, and kinds of them that are not carried. */
  readonly unreadable: readonly string[];
}

/** That something is of a database, whose name is asked for twice: MariaDB takes `Shop` for `shop` here, also where they are two. */
function isOf(column: string): string {
  return `${column} = ? AND (@@lower_case_table_names <> 0 OR CAST(${column} AS BINARY) = CAST(? AS BINARY))`;
}

/** @param sequences by name; MariaDB's. */
export async function sourceObjects(
  session: MysqlSession,
  database: string,
  sequences: readonly string[],
): Promise<FoundObjects> {
  const [created] = await session.rows<CreateRow>(`SHOW CREATE DATABASE ${quoteIdentifier(database)}`);
  const unreadable: string[] = [];
  const routines = await session.rows<{ name: string; type: string }>(
    `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines WHERE ${isOf("routine_schema")} ORDER BY routine_type, routine_name`,
    [database, database],
  );
  const ofType = async (type: "PROCEDURE" | "FUNCTION" | "EVENT", names: readonly string[]) => {
    const objects: StoredObject[] = [];
    for (const name of names) {
      const object = await storedObject(session, type, database, name);
      if (object === undefined) unreadable.push(`${type.toLowerCase()} ${database}.${name}`);
      else objects.push(object);
    }
    return objects;
  };
  const named = (type: string): string[] => routines.filter((r) => r.type === type).map((r) => r.name);
  for (const { name, type } of routines)
    if (type !== "PROCEDURE" && type !== "FUNCTION")
      unreadable.push(`${type.toLowerCase()} ${database}.${name}`);
  const events = await session.rows<{ name: string }>(
    `SELECT event_name AS name FROM information_schema.events WHERE ${isOf("event_schema")} ORDER BY event_name`,
    [database, database],
  );
  return {
    database: {
      database,
      createStatement: created!["Create Database"]!,
      procedures: await ofType("PROCEDURE", named("PROCEDURE")),
      functions: await ofType("FUNCTION", named("FUNCTION")),
      events: await ofType(
        "EVENT",
        events.map((e) => e.name),
      ),
      sequences: await Promise.all(sequences.map((name) => sequence(session, database, name))),
    },
    triggers: await triggers(session, database),
    unreadable,
  };
}

/** In the order in which they fire. */
async function triggers(
  session: MysqlSession,
  database: string,
): Promise<ReadonlyMap<string, readonly StoredObject[]>> {
  const rows = await session.rows<{ name: string; table: string }>(
    `SELECT trigger_name AS name, event_object_table AS \`table\` FROM information_schema.triggers
      WHERE ${isOf("trigger_schema")} ORDER BY event_object_table, event_manipulation, action_timing, action_order`,
    [database, database],
  );
  const found = new Map<string, StoredObject[]>();
  for (const { name, table } of rows) {
    const object = await storedObject(session, "TRIGGER", database, name);
    if (object !== undefined) found.set(table, [...(found.get(table) ?? []), object]);
  }
  return found;
}

async function storedObject(
  session: MysqlSession,
  type: "PROCEDURE" | "FUNCTION" | "EVENT" | "TRIGGER",
  database: string,
  name: string,
): Promise<StoredObject | undefined> {
  const row = await showCreate(session, type, database, name);
  const createStatement =
    row?.[
      {
        PROCEDURE: "Create Procedure",
        FUNCTION: "Create Function",
        EVENT: "Create Event",
        TRIGGER: "SQL Original Statement",
      }[type]
    ];
  if (row === undefined || createStatement === undefined || createStatement === null) return undefined;
  const timeZone = row["time_zone"];
  const databaseCollation = row["Database Collation"];
  return {
    name,
    createStatement,
    sqlMode: row["sql_mode"] ?? "",
    characterSet: row["character_set_client"] ?? "",
    collation: row["collation_connection"] ?? "",
    ...(databaseCollation === undefined || databaseCollation === null ? {} : { databaseCollation }),
    ...(timeZone === undefined || timeZone === null ? {} : { timeZone }),
  };
}

async function sequence(
  session: MysqlSession,
  database: string,
  name: string,
): Promise<SourceDatabase["sequences"][number]> {
  const place = tableName(database, name);
  const [created] = await session.rows<CreateRow>(`SHOW CREATE SEQUENCE ${place}`);
  const [state] = await session.rows<{ next: string }>(
    `SELECT CAST(next_not_cached_value AS CHAR) AS next FROM ${place}`,
  );
  return { name, createStatement: created!["Create Table"]!, next: state!.next };
}
