import { hasLibraries, serverFacts, tableName, type MysqlSession } from "@firebreak/mysql";
import { storedObjects, type RestorePlan } from "./restore-plan.ts";
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
    const relations = [...plan.tables, ...plan.views].filter((p) => p.database === database);
    const names = new Set([
      ...[...relations, ...(objects?.sequences ?? [])].map(({ name }) => placeOf("table", name)),
      ...storedObjects(objects).map(([kind, { name }]) => placeOf(kind, name)),
    ]);
    const all = await objectsOf(session, database);
    found.push(...all.filter(({ kind, name }) => names.has(placeOf(kind, name))));
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

/** Returns a text that objects have in common of which a database can have only one. */
function placeOf(kind: ObjectKind, name: string): string {
  switch (kind) {
    case "table":
    case "view":
    case "sequence":
      return `relation ${name}`;
    case "procedure":
    case "function":
      return `routine ${name.toLowerCase()}`;
    case "library":
    case "event":
    case "trigger":
      return `${kind} ${name.toLowerCase()}`;
  }
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
  const kindOf = (kind: string): ObjectKind => KINDS.find((k) => k.toUpperCase() === kind) ?? "table";
  return rows.map(({ kind, name }) => ({ kind: kindOf(kind), database, name }));
}

/** The kinds whose names the server gives in capitals. Everything else with rows is a table. */
const KINDS = ["view", "sequence", "library", "procedure", "function", "event"] as const;
