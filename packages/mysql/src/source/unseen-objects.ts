import { notCarried, type NotCarried, type NotCarriedKind } from "@firebreak/archive";
import type { Grants } from "../driver/privileges.ts";
import type { ServerFacts } from "../driver/server-facts.ts";

/** The kind of server, as far as it decides which objects it has and who sees them. */
export type ServerKind = Pick<ServerFacts, "isMariadb" | "major" | "minor">;

/** Privileges on a database that each show all of its tables and views. */
const SHOW_TABLES = [
  "SELECT",
  "INSERT",
  "UPDATE",
  "DELETE",
  "CREATE",
  "DROP",
  "ALTER",
  "INDEX",
  "REFERENCES",
  "SHOW VIEW",
  "CREATE VIEW",
  "TRIGGER",
] as const;

/**
 * Privileges on a database that each show the names of all its routines. A routine whose body stays
 * hidden is named (manual, 15.7.7.11).
 */
const SHOW_ROUTINES = ["EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE", "SHOW CREATE ROUTINE"] as const;

/**
 * Returns the kinds of objects that a database may have without the user seeing them: the server
 * silently leaves them out of information_schema.
 *
 * @param tables those that the user sees.
 */
export function unseenObjects(
  grants: Grants,
  server: ServerKind,
  database: string,
  tables: readonly string[],
): NotCarried[] {
  const unseen = (kind: NotCarriedKind, privilege: string): NotCarried =>
    notCarried(kind, "*", "unseen", privilege);
  const ofDatabase = `ON \`${database.replaceAll("`", "``")}\`.*`;
  const found: NotCarried[] = [];
  if (!seesTables(grants, database))
    found.push(unseen("table", `SELECT ${ofDatabase}`), unseen("view", `SELECT, SHOW VIEW ${ofDatabase}`));
  const isWithTriggers = (table: string): boolean => grants.has("TRIGGER", { database, table });
  if (!grants.has("TRIGGER", { database }) && !tables.every(isWithTriggers))
    found.push(unseen("trigger", `TRIGGER ${ofDatabase}`));
  if (!grants.has("EVENT", { database })) found.push(unseen("event", `EVENT ${ofDatabase}`));
  if (!seesRoutines(grants, server, database)) {
    found.push(unseen("routine", routinePrivilege(server)));
    if (hasLibraries(server)) found.push(unseen("library", routinePrivilege(server)));
  }
  return found;
}

/** Returns true if the user sees all tables and views of a database. */
export function seesTables(grants: Grants, database: string): boolean {
  return grants.hasAny(SHOW_TABLES, { database });
}

/** Returns true for MySQL since 9.2. */
export function hasLibraries({ isMariadb, major, minor }: ServerKind): boolean {
  return !isMariadb && (major > 9 || (major === 9 && minor >= 2));
}

/** Returns the privilege that shows routines with their bodies. */
export function routinePrivilege({ isMariadb, major }: ServerKind): string {
  return isMariadb || major < 8 ? "SELECT ON `mysql`.`proc`" : "SHOW_ROUTINE ON *.*";
}

function seesRoutines(grants: Grants, { isMariadb, major }: ServerKind, database: string): boolean {
  if (grants.has("SELECT", {}) || grants.has("SHOW_ROUTINE", {})) return true;
  if ((isMariadb || major < 8) && grants.has("SELECT", { database: "mysql", table: "proc" })) return true;
  return grants.hasAny(SHOW_ROUTINES, { database });
}
