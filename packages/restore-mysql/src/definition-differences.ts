import { quoteIdentifier } from "@firebreak/mysql-format";
import type { SourceTable, StoredObject } from "@firebreak/archive";
import { type CreateRow, errnoOf, type MysqlSession, serverFacts, showCreate } from "@firebreak/mysql";
import { normalDefinition, type Place } from "./normal/normal-definition.ts";
import { renameDatabase, renameStored } from "./renames.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import { type PlannedDatabase, type PlannedTable, type RestorePlan, storedObjects } from "./restore-plan.ts";

/** An object that the target has in another form than the archive, or lacks. */
export interface DefinitionDifference {
  readonly kind: ObjectKind;
  readonly name: string;
  /** The archive's statement, with the names that the target should have. */
  readonly expected: string;
  /** The statement that the target shows; empty if it lacks the object. */
  readonly found: string;
}

/** The column of SHOW CREATE that has the statement. */
const STATEMENT: Readonly<Record<ObjectKind, string>> = {
  table: "Create Table",
  view: "Create View",
  sequence: "Create Table",
  library: "Create Library",
  procedure: "Create Procedure",
  function: "Create Function",
  event: "Create Event",
  trigger: "SQL Original Statement",
};

/** A session, with the kind of its server. `isCrossing` means that the archive's is of the other kind. */
interface Target extends Omit<Place, "database"> {
  readonly session: MysqlSession;
}

/** Compares what SHOW CREATE says about everything restored with the archive, whatever the spelling. */
export async function definitionDifferences(
  session: MysqlSession,
  plan: RestorePlan,
): Promise<DefinitionDifference[]> {
  // The source was read with these settings, which affect some statements.
  await session.run("SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1");
  const target = (await serverFacts(session)).isMariadb ? "mariadb" : "mysql";
  const isCrossing = plan.sourceServer !== undefined && plan.sourceServer !== target;
  const to: Target = { session, target, isCrossing };
  const differences: DefinitionDifference[] = [];
  for (const planned of [...plan.tables, ...plan.views]) differences.push(...(await ofTable(to, planned)));
  for (const planned of plan.databases) differences.push(...(await ofDatabase(to, planned)));
  return differences;
}

async function ofTable(
  to: Target,
  { source, database, name, definition }: PlannedTable,
): Promise<DefinitionDifference[]> {
  const kind = source.kind === "view" ? "view" : "table";
  const { createStatement, madeUnder } = definition;
  const statement = renameDatabase(createStatement, source.database, database);
  const differences = await compare(to, { kind, database, name, statement, madeUnder });
  for (const trigger of definition.triggers)
    differences.push(...(await ofStored(to, "trigger", source.database, database, trigger)));
  return differences;
}

async function ofDatabase(
  to: Target,
  { source, database, objects }: PlannedDatabase,
): Promise<DefinitionDifference[]> {
  const differences: DefinitionDifference[] = [];
  for (const [kind, object] of storedObjects(objects))
    differences.push(...(await ofStored(to, kind, source, database, object)));
  for (const { name, createStatement } of objects?.sequences ?? []) {
    const statement = renameDatabase(createStatement, source, database);
    differences.push(...(await compare(to, { kind: "sequence", database, name, statement })));
  }
  return differences;
}

/** Compares a stored object. The settings that it was created under count, too. */
async function ofStored(
  to: Target,
  kind: ObjectKind,
  source: string,
  database: string,
  { name, createStatement, sqlMode, characterSet, collation, databaseCollation, timeZone }: StoredObject,
): Promise<DefinitionDifference[]> {
  const row = await shownAs(to.session, kind, database, name);
  const statement = renameStored(kind, createStatement, source, database);
  const foundCollation = row?.["Database Collation"] ?? "";
  const expected = {
    modes: sqlMode,
    set: characterSet,
    collation,
    ofDatabase: databaseCollation ?? foundCollation,
    zone: timeZone ?? "",
    statement,
  };
  const found = {
    modes: row?.["sql_mode"] ?? "",
    set: row?.["character_set_client"] ?? "",
    collation: row?.["collation_connection"] ?? "",
    ofDatabase: foundCollation,
    zone: row?.["time_zone"] ?? "",
    statement: row?.[STATEMENT[kind]] ?? "",
  };
  const form = (one: typeof found): string =>
    circumstances({
      ...one,
      modes: plainModes(one.modes, to.target),
      statement: normalDefinition(kind, one.statement, { ...to, database }),
    });
  if (row !== undefined && form(expected) === form(found)) return [];
  const shown = row === undefined ? "" : circumstances(found);
  return [{ kind, name: `${database}.${name}`, expected: circumstances(expected), found: shown }];
}

function circumstances(
  one: Readonly<Record<"modes" | "set" | "collation" | "ofDatabase" | "zone" | "statement", string>>,
): string {
  const zone = one.zone === "" ? "" : `, time zone ${one.zone}`;
  return `sql_mode '${one.modes}', ${one.set}, ${one.collation}, database ${one.ofDatabase}${zone}: ${one.statement}`;
}

interface ExpectedObject {
  readonly kind: ObjectKind;
  readonly database: string;
  readonly name: string;
  readonly statement: string;
  readonly madeUnder?: SourceTable["madeUnder"];
}

async function compare(
  to: Target,
  { kind, database, name, statement, madeUnder }: ExpectedObject,
): Promise<DefinitionDifference[]> {
  const { session } = to;
  const form = (text: string): string => normalDefinition(kind, text, { ...to, database });
  const under = (set: string | null = "", collation: string | null = ""): string =>
    madeUnder === undefined ? "" : `${set}, ${collation}: `;
  const expectedUnder = under(madeUnder?.characterSet, madeUnder?.collation);
  let found = "";
  // Inside its own database, a view's statement omits that name; the source may have been read either way.
  for (const from of kind === "view" ? ["information_schema", database] : [database]) {
    await session.run(`USE ${quoteIdentifier(from)}`);
    const row = await shownAs(session, kind, database, name);
    if (row === undefined) break;
    const foundUnder = under(row["character_set_client"], row["collation_connection"]);
    const shown = row[STATEMENT[kind]] ?? "";
    if (foundUnder === expectedUnder && form(shown) === form(statement)) return [];
    found = foundUnder + shown;
  }
  return [{ kind, name: `${database}.${name}`, expected: expectedUnder + statement, found }];
}

/** Returns undefined if there is no such object. */
async function shownAs(...asked: Parameters<typeof showCreate>): Promise<CreateRow | undefined> {
  try {
    return await showCreate(...asked);
  } catch (error) {
    if (MISSING.has(errnoOf(error))) return undefined;
    throw error;
  }
}

/**
 * Errors for an object that does not exist (error reference: of tables, routines, events and
 * triggers), or for a view that uses such an object.
 */
const MISSING: ReadonlySet<number> = new Set([1146, 1305, 1356, 1360, 1539, 4091]);

/**
 * Returns the modes of a stored object, in one order. Since 8.0.11 MySQL has no NO_AUTO_CREATE_USER
 * and always does what it says (manual, 7.1.11).
 */
export function plainModes(modes: string, target: "mysql" | "mariadb"): string {
  return modes
    .split(",")
    .filter((mode) => target !== "mysql" || mode !== "NO_AUTO_CREATE_USER")
    .sort()
    .join(",");
}
