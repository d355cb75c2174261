import {
  FirebreakError,
  notCarried,
  type NotCarried,
  type NotCarriedKind,
  type SourceDatabase,
  type StoredObject,
} from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import type { MysqlSession } from "../driver/connect.ts";
import { tableName } from "../driver/server-facts.ts";
import { type CreateRow, showCreate } from "../driver/show-create.ts";
import { hasLibraries, routinePrivilege, type ServerKind } from "./unseen-objects.ts";

/** The objects of a database besides its tables. */
export interface FoundObjects {
  readonly database: SourceDatabase & { readonly notCarried: readonly NotCarried[] };
  /** Triggers by table. */
  readonly triggers: ReadonlyMap<string, readonly StoredObject[]>;
}

/**
 * Returns the condition that something belongs to a database. It needs the database's name twice:
 * MariaDB takes `Shop` for `shop` here, even if both exist.
 */
function isOf(column: string): string {
  return `${column} = ? AND (@@lower_case_table_names <> 0 OR CAST(${column} AS BINARY) = CAST(? AS BINARY))`;
}

type StoredType = "PROCEDURE" | "FUNCTION" | "EVENT" | "TRIGGER" | "LIBRARY";

/** The column of SHOW CREATE with the statement, and the account's word for such an object. */
const STORED: Readonly<Record<StoredType, { readonly statement: string; readonly kind: NotCarriedKind }>> = {
  PROCEDURE: { statement: "Create Procedure", kind: "routine" },
  FUNCTION: { statement: "Create Function", kind: "routine" },
  EVENT: { statement: "Create Event", kind: "event" },
  TRIGGER: { statement: "SQL Original Statement", kind: "trigger" },
  LIBRARY: { statement: "Create Library", kind: "library" },
};

/**
 * Reads the objects of a database besides tables and views. An object that the server does not show
 * is listed in `notCarried`; the others are still read.
 *
 * @param sequences names of MariaDB's sequences.
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function sourceObjects(
  session: MysqlSession,
  server: ServerKind,
  database: string,
  sequences: readonly string[],
): Promise<FoundObjects> {
  const [created] = await session.rows<CreateRow>(`SHOW CREATE DATABASE ${quoteIdentifier(database)}`);
  const left: NotCarried[] = [];
  const ofType = async (type: StoredType, names: readonly string[]): Promise<StoredObject[]> => {
    const objects: StoredObject[] = [];
    for (const name of names) {
      const object = await storedObject(session, type, database, name, server);
      if ("reason" in object) left.push(object);
      else objects.push(object);
    }
    return objects;
  };
  const routines = await session.rows<{ name: string; type: string }>(
    `SELECT routine_name AS name, routine_type AS type FROM information_schema.routines WHERE ${isOf("routine_schema")} ORDER BY routine_type, routine_name`,
    [database, database],
  );
  const named = (type: string): string[] => routines.filter((r) => r.type === type).map((r) => r.name);
  for (const { name, type } of routines)
    if (type === "PACKAGE") left.push(notCarried("package", name, "kind-not-carried"));
  const libraries = hasLibraries(server) ? await namesOf(session, "library", "libraries", database) : [];
  const found = {
    database,
    createStatement: created!["Create Database"]!,
    procedures: await ofType("PROCEDURE", named("PROCEDURE")),
    functions: await ofType("FUNCTION", named("FUNCTION")),
    events: await ofType("EVENT", await namesOf(session, "event", "events", database)),
    sequences: await readSequences(session, database, sequences, left),
    ...(libraries.length === 0 ? {} : { libraries: await ofType("LIBRARY", libraries) }),
  };
  const triggers = new Map<string, readonly StoredObject[]>();
  for (const [table, names] of await triggerNames(session, database))
    triggers.set(table, await ofType("TRIGGER", names));
  return { database: { ...found, notCarried: left }, triggers };
}

async function namesOf(
  session: MysqlSession,
  noun: string,
  table: string,
  database: string,
): Promise<string[]> {
  const rows = await session.rows<{ name: string }>(
    `SELECT ${noun}_name AS name FROM information_schema.${table} WHERE ${isOf(`${noun}_schema`)} ORDER BY ${noun}_name`,
    [database, database],
  );
  return rows.map((r) => r.name);
}

/** Reads the names of triggers by table, in the order in which they fire. */
async function triggerNames(
  session: MysqlSession,
  database: string,
): Promise<ReadonlyMap<string, readonly string[]>> {
  const rows = await session.rows<{ name: string; table: string }>(
    `SELECT trigger_name AS name, event_object_table AS \`table\` FROM information_schema.triggers
      WHERE ${isOf("trigger_schema")} ORDER BY event_object_table, event_manipulation, action_timing, action_order`,
    [database, database],
  );
  return new Map([...Map.groupBy(rows, (r) => r.table)].map(([table, of]) => [table, of.map((t) => t.name)]));
}

/** Reads one object. If the server does not show it, returns the reason instead. */
async function storedObject(
  session: MysqlSession,
  type: StoredType,
  database: string,
  name: string,
  server: ServerKind,
): Promise<StoredObject | NotCarried> {
  const { statement, kind } = STORED[type];
  let row: CreateRow | undefined;
  try {
    row = await showCreate(session, type, database, name);
  } catch (error) {
    return refusedObject({ kind, name }, grantFor(type, database, server), error);
  }
  const createStatement = row?.[statement];
  // The server shows a body only to its definer and to users who may see all.
  if (row === undefined || createStatement === undefined || createStatement === null)
    return notCarried(kind, name, "forbidden", grantFor(type, database, server));
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

/** Returns the privilege that shows the statements of a type. */
function grantFor(type: StoredType, database: string, server: ServerKind): string {
  return type === "EVENT" || type === "TRIGGER"
    ? `${type} ON ${quoteIdentifier(database)}.*`
    : routinePrivilege(server);
}

async function readSequences(
  session: MysqlSession,
  database: string,
  names: readonly string[],
  left: NotCarried[],
): Promise<SourceDatabase["sequences"]> {
  const found: SourceDatabase["sequences"] = [];
  for (const name of names)
    try {
      found.push(await sequence(session, database, name));
    } catch (error) {
      const grant = `SELECT ON ${tableName(database, name)}`;
      left.push(refusedObject({ kind: "sequence", name }, grant, error));
    }
  return found;
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

/** Faults of one statement alone: the connection can still read the next object. */
const OF_OBJECT: ReadonlySet<string> = new Set([
  "mysql-failed",
  "mysql-forbidden",
  "mysql-data",
  "mysql-read-only",
]);

/**
 * Returns the reason why one object is not in the archive: the server did not show or read it.
 *
 * @param grant the privilege that shows it to the user, for the case that the user lacks it.
 * @throws the error itself if it is about the server or the connection.
 */
export function refusedObject(
  { kind, name }: { readonly kind: NotCarriedKind; readonly name: string },
  grant: string,
  error: unknown,
): NotCarried {
  if (!(error instanceof FirebreakError) || !OF_OBJECT.has(error.code)) throw error;
  if (error.code === "mysql-forbidden") return notCarried(kind, name, "forbidden", grant);
  return notCarried(kind, name, "server-refused", String(error.fields["reason"]));
}
