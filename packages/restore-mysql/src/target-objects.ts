import { hasLibraries, serverFacts, tableName, type MysqlSession } from "@firebreak/mysql";
import type { PlannedDatabase, PlannedTable, RestorePlan } from "./restore-plan.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";

/** An object in the target. */
export interface TargetObject {
  readonly kind: ObjectKind;
  readonly database: string;
  readonly name: string;
}

/** Returns the target's objects that have the names of a plan's objects. */
export async function objectsInTheWay(session: MysqlSession, plan: RestorePlan): Promise<TargetObject[]> {
  const found: TargetObject[] = [];
  for (const { database, objects } of plan.databases) {
    const relations = new Set([
      ...namesIn(plan.tables, database),
      ...namesIn(plan.views, database),
      ...(objects?.sequences ?? []).map((s) => s.name),
    ]);
    const routines = new Set(
      [...(objects?.procedures ?? []), ...(objects?.functions ?? [])].map((r) => r.name.toLowerCase()),
    );
    const libraries = new Set((objects?.libraries ?? []).map((l) => l.name.toLowerCase()));
    const events = new Set((objects?.events ?? []).map((e) => e.name.toLowerCase()));
    const all = await objectsOf(session, database);
    found.push(
      ...all.filter(({ kind, name }) => {
        switch (kind) {
          case "table":
          case "view":
          case "sequence":
            return relations.has(name);
          case "procedure":
          case "function":
            return routines.has(name.toLowerCase());
          case "library":
            return libraries.has(name.toLowerCase());
          case "event":
            return events.has(name.toLowerCase());
          case "trigger":
            return false;
        }
      }),
    );
  }
  return found;
}

/** Drops an object that is in the way. */
export async function dropObject(
  session: MysqlSession,
  { kind, database, name }: TargetObject,
): Promise<void> {
  await session.run(`DROP ${kind.toUpperCase()} IF EXISTS ${tableName(database, name)}`);
}

function namesIn(planned: readonly PlannedTable[], database: PlannedDatabase["database"]): string[] {
  return planned.filter((p) => p.database === database).map((p) => p.name);
}

/** Lists the tables, views, sequences, routines, events and libraries of a database. */
export async function objectsOf(session: MysqlSession, database: string): Promise<TargetObject[]> {
  const rows = await session.rows<{ kind: string; name: string }>(
    `SELECT table_type AS kind, table_name AS name FROM information_schema.tables WHERE table_schema = ?
      UNION ALL SELECT routine_type, routine_name FROM information_schema.routines WHERE routine_schema = ?
      UNION ALL SELECT 'EVENT', event_name FROM information_schema.events WHERE event_schema = ?`,
    [database, database, database],
  );
  if (hasLibraries(await serverFacts(session)))
    rows.push(
      ...(await session.rows<{ kind: string; name: string }>(
        "SELECT 'LIBRARY' AS kind, library_name AS name FROM information_schema.libraries WHERE library_schema = ?",
        [database],
      )),
    );
  return rows.map(({ kind, name }) => ({ kind: kindOf(kind), database, name }));
}

function kindOf(kind: string): ObjectKind {
  switch (kind) {
    case "VIEW":
      return "view";
    case "SEQUENCE":
      return "sequence";
    case "LIBRARY":
      return "library";
    case "PROCEDURE":
      return "procedure";
    case "FUNCTION":
      return "function";
    case "EVENT":
      return "event";
    default:
      return "table";
  }
}
