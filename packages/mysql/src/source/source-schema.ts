import {
  about,
  faultAbout,
  type NotCarried,
  type SourceColumn,
  type SourceDatabase,
  type SourceTable,
} from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";
import { LEDGER } from "../target/ledger/ledger.ts";
import { Grants } from "../driver/privileges.ts";
import { serverFacts, tableName } from "../driver/server-facts.ts";
import { type CreateRow, showCreate } from "../driver/show-create.ts";
import { refusedObject, sourceObjects } from "./source-objects.ts";
import { sourceColumns } from "./source-columns.ts";
import { keyIndex, sourceIndexes } from "./source-indexes.ts";
import { type UnknownKind, unknownKinds, unknownObjects } from "./unknown-objects.ts";
import { seesTables, type ServerKind, unseenObjects } from "./unseen-objects.ts";
import { quoteIdentifier } from "@firebreak/mysql-format";

/** A table or view of a source. */
export interface FoundTable {
  readonly namespace: string;
  readonly database: string;
  readonly name: string;
  readonly kind: "table" | "view";
  /** Empty for a view. */
  readonly engine: string;
  /** True if the table also keeps the rows of earlier times, which a plain SELECT does not show. */
  readonly hasHistory: boolean;
  /** The server's estimate. */
  readonly rowCount: number;
  readonly table: SourceTable;
}

/** The wanted part of a source's schema. */
export interface SourceSchema {
  /** Sorted by namespace. */
  readonly tables: readonly FoundTable[];
  /** Each database has a list of its objects that are not in the archive. */
  readonly databases: readonly SourceDatabase[];
  /** Returns true if the user would see each table of a database that exists. */
  readonly seesTablesOf: (database: string) => boolean;
}

/** The server's own databases. If case matters, `Sys` may be a user's database. */
const SYSTEM_DATABASES: ReadonlySet<string> = new Set([
  "information_schema",
  "performance_schema",
  "mysql",
  "sys",
]);

/**
 * Reads the schema of a source.
 *
 * @param isWanted returns true if a namespace, `database.table`, must be read.
 */
export async function sourceSchema(
  session: MysqlSession,
  isWanted: (namespace: string) => boolean,
): Promise<SourceSchema> {
  const { database: only } = session.target;
  const named = await session.rows<{ name: string }>(
    "SELECT schema_name AS name FROM information_schema.schemata ORDER BY schema_name",
  );
  const names = named.map((d) => d.name).filter((d) => !SYSTEM_DATABASES.has(d));
  const grants = await Grants.of(session);
  const reading = {
    session,
    isWanted,
    server: await serverFacts(session),
    grants,
    otherKinds: await unknownKinds(session),
  };
  const tables: FoundTable[] = [];
  const databases: SourceDatabase[] = [];
  for (const database of only === undefined ? names : names.filter((d) => d === only)) {
    const found = await about(`database ${database}`, () => databaseSchema(reading, database));
    if (found === undefined) continue;
    tables.push(...found.tables);
    databases.push(...found.databases);
  }
  tables.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  return { tables, databases, seesTablesOf: (database) => seesTables(grants, database) };
}

interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly rows: string | number | null;
  readonly comment: string;
}

interface Reading {
  readonly session: MysqlSession;
  readonly server: ServerKind;
  readonly grants: Grants;
  readonly otherKinds: readonly UnknownKind[];
  readonly isWanted: (namespace: string) => boolean;
}

/** Reads the schema of a database. Returns undefined if nothing in it is wanted. */
async function databaseSchema(
  { session, server, grants, otherKinds, isWanted }: Reading,
  database: string,
): Promise<Pick<SourceSchema, "tables" | "databases"> | undefined> {
  const rows = await session.rows<TableRow>(
    `SELECT table_name AS name, table_type AS type, engine AS engine, table_rows AS \`rows\`, table_comment AS comment
      FROM information_schema.tables WHERE table_schema = ? AND table_name <> ? ORDER BY table_name`,
    [database, LEDGER],
  );
  const wanted = rows.filter((r) => isWanted(`${database}.${r.name}`));
  // A database without tables is wanted if the globs accept whatever it might have.
  if (rows.length === 0 ? !isWanted(`${database}.`) : wanted.length === 0) return undefined;
  const sequences = wanted.filter((r) => r.type === "SEQUENCE").map((r) => r.name);
  const objects = await sourceObjects(session, server, database, sequences);
  const columns = await sourceColumns(session, database);
  const tables: FoundTable[] = [];
  const left: NotCarried[] = [...objects.database.notCarried];
  for (const row of wanted) {
    if (row.type === "SEQUENCE") continue;
    const { name } = row;
    const kind = row.type === "VIEW" ? "view" : "table";
    try {
      const definition = await tableDefinition(session, database, name, kind, columns.get(name) ?? []);
      tables.push({
        namespace: `${database}.${name}`,
        database,
        name,
        kind,
        engine: row.engine ?? "",
        hasHistory: row.type === "SYSTEM VERSIONED",
        rowCount: Number(row.rows ?? 0),
        table: {
          ...definition,
          comment: kind === "view" ? "" : row.comment,
          triggers: [...(objects.triggers.get(name) ?? [])],
        },
      });
    } catch (error) {
      const grant = `${kind === "view" ? "SELECT, SHOW VIEW" : "SELECT"} ON ${tableName(database, name)}`;
      left.push(refusedObject({ kind, name }, grant, faultAbout(error, `${database}.${name}`)));
    }
  }
  const seen = rows.filter((r) => r.type !== "VIEW" && r.type !== "SEQUENCE").map((r) => r.name);
  left.push(
    ...(await unknownObjects(session, otherKinds, database)),
    ...unseenObjects(grants, server, database, seen),
  );
  return { tables, databases: [{ ...objects.database, notCarried: left }] };
}

async function tableDefinition(
  session: MysqlSession,
  database: string,
  name: string,
  kind: FoundTable["kind"],
  columns: readonly SourceColumn[],
): Promise<Pick<SourceTable, "createStatement" | "columns" | "keyColumns" | "indexes" | "madeUnder">> {
  const created =
    kind === "view" ? await showView(session, database, name) : await showTable(session, database, name);
  const indexes = kind === "view" ? [] : await sourceIndexes(session, database, name);
  return {
    createStatement: created[kind === "view" ? "Create View" : "Create Table"]!,
    columns: [...columns],
    ...(kind === "view" ? { madeUnder: madeUnder(created) } : {}),
    keyColumns: keyIndex(indexes, columns)?.columns.map((c) => c.name) ?? [],
    indexes,
  };
}

async function showTable(session: MysqlSession, database: string, name: string): Promise<CreateRow> {
  const created = await showCreate(session, "table", database, name);
  await probeTable(session, database, name, created!["Create Table"]!);
  return created!;
}

/**
 * Reads the statement of a view. If a view uses a function that writes, the server opens the tables
 * that the function would write to.
 */
async function showView(session: MysqlSession, database: string, name: string): Promise<CreateRow> {
  await session.run("SET SESSION TRANSACTION READ WRITE");
  try {
    const created = await showCreate(session, "view", database, name);
    return created!;
  } finally {
    await session.run("SET SESSION TRANSACTION READ ONLY");
  }
}

function madeUnder(view: CreateRow): { characterSet: string; collation: string } {
  return {
    characterSet: view["character_set_client"] ?? "",
    collation: view["collation_connection"] ?? "",
  };
}

/** The number of partitions in one statement. A statement that opens some thousand takes long to plan. */
const PARTITIONS_AT_ONCE = 64;

/**
 * Makes the server read a row of a table, and of each of its partitions. If a file is lost or
 * another server does not answer, this is the first statement that says so.
 *
 * @param createStatement the statement that creates the table.
 * @throws {FirebreakError} any `mysql-…` code, with what the server says about the table.
 */
async function probeTable(
  session: MysqlSession,
  database: string,
  name: string,
  createStatement: string,
): Promise<void> {
  const place = tableName(database, name);
  await session.rows(`SELECT 1 FROM ${place} LIMIT 1`);
  if (!/\bPARTITION BY\b/.test(createStatement)) return;
  const partitions = await session.rows<{ name: string }>(
    "SELECT COALESCE(subpartition_name, partition_name) AS name FROM information_schema.partitions WHERE table_schema = ? AND table_name = ? AND partition_name IS NOT NULL",
    [database, name],
  );
  for (let i = 0; i < partitions.length; i += PARTITIONS_AT_ONCE) {
    const some = partitions.slice(i, i + PARTITIONS_AT_ONCE);
    const each = some.map((p) => `(SELECT 1 FROM ${place} PARTITION (${quoteIdentifier(p.name)}) LIMIT 1)`);
    await session.rows(each.join(" UNION ALL "));
  }
}
