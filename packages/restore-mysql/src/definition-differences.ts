import type { SourceTable, StoredObject } from "@firebreak/archive";
import { showCreate, type CreateRow, type MysqlSession } from "@firebreak/mysql";
import { renameDatabase, renameStored } from "./renames.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import type { PlannedDatabase, PlannedTable, RestorePlan } from "./restore-plan.ts";

/** Something that the target has in another form than the archive, or has not. */
export interface DefinitionDifference {
  readonly kind: ObjectKind;
  readonly name: string;
  /** As the archive has it, by the names it was to get. */
  readonly expected: string;
  /** As the target shows it; empty where there is none. */
  readonly found: string;
}

/** Where SHOW CREATE has the statement. */
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

/** Compares what SHOW CREATE says of all that was restored with what the archive holds. */
export async function definitionDifferences(
  session: MysqlSession,
  plan: RestorePlan,
): Promise<DefinitionDifference[]> {
  // As the source was read: what the session is set to shows in some statements.
  await session.run("SET SESSION sql_mode = '', SESSION sql_quote_show_create = 1");
  const differences: DefinitionDifference[] = [];
  for (const planned of [...plan.tables, ...plan.views])
    differences.push(...(await ofTable(session, planned)));
  for (const planned of plan.databases) differences.push(...(await ofDatabase(session, planned)));
  return differences;
}

async function ofTable(
  session: MysqlSession,
  { source, database, name, definition }: PlannedTable,
): Promise<DefinitionDifference[]> {
  const kind = source.kind === "view" ? "view" : "table";
  const expected = renameDatabase(definition.createStatement, source.database, database);
  const differences = await compare(session, kind, database, name, expected, definition.madeUnder);
  for (const trigger of definition.triggers)
    differences.push(...(await ofStored(session, "trigger", source.database, database, trigger)));
  return differences;
}

async function ofDatabase(
  session: MysqlSession,
  { source, database, objects }: PlannedDatabase,
): Promise<DefinitionDifference[]> {
  const differences: DefinitionDifference[] = [];
  for (const object of objects?.libraries ?? [])
    differences.push(...(await ofStored(session, "library", source, database, object)));
  for (const object of objects?.procedures ?? [])
    differences.push(...(await ofStored(session, "procedure", source, database, object)));
  for (const object of objects?.functions ?? [])
    differences.push(...(await ofStored(session, "function", source, database, object)));
  for (const object of objects?.events ?? [])
    differences.push(...(await ofStored(session, "event", source, database, object)));
  for (const { name, createStatement } of objects?.sequences ?? [])
    differences.push(
      ...(await compare(
        session,
        "sequence",
        database,
        name,
        renameDatabase(createStatement, source, database),
      )),
    );
  return differences;
}

/** Of what is stored with the circumstances that it was made in these count too. */
async function ofStored(
  session: MysqlSession,
  kind: ObjectKind,
  source: string,
  database: string,
  { name, createStatement, sqlMode, characterSet, collation, databaseCollation, timeZone }: StoredObject,
): Promise<DefinitionDifference[]> {
  const row = await shownAs(session, kind, database, name);
  const circumstances = (mode: string, set: string, coll: string, ofDatabase: string, zone: string): string =>
    `sql_mode '${mode}', ${set}, ${coll}, database ${ofDatabase}${zone === "" ? "" : `, time zone ${zone}`}: `;
  const foundCollation = row?.["Database Collation"] ?? "";
  const expected =
    circumstances(sqlMode, characterSet, collation, databaseCollation ?? foundCollation, timeZone ?? "") +
    renameStored(kind, createStatement, source, database);
  const found =
    row === undefined
      ? ""
      : circumstances(
          row["sql_mode"] ?? "",
          row["character_set_client"] ?? "",
          row["collation_connection"] ?? "",
          foundCollation,
          row["time_zone"] ?? "",
        ) + (row[STATEMENT[kind]] ?? "");
  return expected === found ? [] : [{ kind, name: `${database}.${name}`, expected, found }];
}

async function compare(
  session: MysqlSession,
  kind: ObjectKind,
  database: string,
  name: string,
  statement: string,
  madeUnder?: SourceTable["madeUnder"],
): Promise<DefinitionDifference[]> {
  const under = (set = "", collation = ""): string =>
    madeUnder === undefined ? "" : `${set}, ${collation}: `;
  const expected = under(madeUnder?.characterSet, madeUnder?.collation) + statement;
  // Within its own database a view's statement leaves that out; the source may have been read either way.
  for (const from of kind === "view" ? ["information_schema", database] : [database]) {
    await session.run(`USE \`${from.replaceAll("`", "``")}\``);
    const row = await shownAs(session, kind, database, name);
    const found =
      row === undefined
        ? ""
        : under(row["character_set_client"] ?? "", row["collation_connection"] ?? "") +
          (row[STATEMENT[kind]] ?? "");
    if (found === expected || (kind === "view" && isSameView(found, expected, database))) return [];
    if (from === database) return [{ kind, name: `${database}.${name}`, expected, found }];
  }
  return [];
}

/** Whether two statements of a view differ only in naming its own database, which MariaDB does for tables that are not there. */
function isSameView(one: string, other: string, database: string): boolean {
  const own = `\`${database.replaceAll("`", "``")}\`.`;
  return one.replaceAll(own, "") === other.replaceAll(own, "");
}

/** Undefined where there is none. */
async function shownAs(...asked: Parameters<typeof showCreate>): Promise<CreateRow | undefined> {
  try {
    return await showCreate(...asked);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
}

/** That it does not exist (error reference: of tables, routines, events and triggers), or is a view of what does not. */
const MISSING: ReadonlySet<number> = new Set([1146, 1305, 1356, 1360, 1539, 4091]);

function isMissing(error: unknown): boolean {
  const cause = error instanceof Error ? error.cause : undefined;
  return cause instanceof Error && "errno" in cause && MISSING.has(Number(cause.errno));
}
