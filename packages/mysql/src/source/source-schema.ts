import type { SourceColumn, SourceDatabase, SourceTable } from "@firebreak/archive";
import type { MysqlSession } from "../connect.ts";
import { LEDGER } from "../ledger.ts";
import { showCreate, type CreateRow } from "../show-create.ts";
import { sourceColumns } from "./source-columns.ts";
import { keyIndex, sourceIndexes } from "./source-indexes.ts";
import { sourceObjects } from "./source-objects.ts";

/** A table or view of a source. */
export interface FoundTable {
  readonly namespace: string;
  readonly database: string;
  readonly name: string;
  readonly kind: "table" | "view";
  /** Empty for a view. */
  readonly engine: string;
  /** Whether it keeps the rows of earlier times too, which no plain reading shows. */
  readonly hasHistory: boolean;
  /** The server's guess. */
  readonly rowCount: number;
  readonly table: SourceTable;
}

/** All of a source that is wanted. */
export interface SourceSchema {
  /** Sorted by namespace. */
  readonly tables: readonly FoundTable[];
  readonly databases: readonly SourceDatabase[];
  /** Routines that the user may not read, or of a kind that is not carried. */
  readonly unreadable: readonly string[];
}

/** The server's own. Where case counts, `Sys` may be a person's. */
const SYSTEM_DATABASES: ReadonlySet<string> = new Set([
  "information_schema",
  "performance_schema",
  "mysql",
  "sys",
]);

/** @param isWanted whether a namespace, `database.table`, is to be read. */
export async function sourceSchema(
  session: MysqlSession,
  isWanted: (namespace: string) => boolean,
): Promise<SourceSchema> {
  const { database: only } = session.target;
  const named = await session.rows<{ name: string }>(
    "SELECT schema_name AS name FROM information_schema.schemata ORDER BY schema_name",
  );
  const names = named.map((d) => d.name).filter((d) => !SYSTEM_DATABASES.has(d));
  const tables: FoundTable[] = [];
  const databases: SourceDatabase[] = [];
  const unreadable: string[] = [];
  for (const database of only === undefined ? names : names.filter((d) => d === only)) {
    const found = await databaseSchema(session, database, isWanted);
    if (found === undefined) continue;
    tables.push(...found.tables);
    databases.push(...found.databases);
    unreadable.push(...found.unreadable);
  }
  tables.sort((a, b) => (a.namespace < b.namespace ? -1 : 1));
  return { tables, databases, unreadable };
}

interface TableRow {
  readonly name: string;
  readonly type: string;
  readonly engine: string | null;
  readonly rows: string | number | null;
  readonly comment: string;
}

/** Undefined where nothing of it is wanted. */
async function databaseSchema(
  session: MysqlSession,
  database: string,
  isWanted: (namespace: string) => boolean,
): Promise<SourceSchema | undefined> {
  const rows = await session.rows<TableRow>(
    `SELECT table_name AS name, table_type AS type, engine AS engine, table_rows AS \`rows\`, table_comment AS comment
      FROM information_schema.tables WHERE table_schema = ? AND table_name <> ? ORDER BY table_name`,
    [database, LEDGER],
  );
  const wanted = rows.filter((r) => isWanted(`${database}.${r.name}`));
  // A database of routines alone goes with the globs that take whatever it might have.
  if (rows.length === 0 ? !isWanted(`${database}.`) : wanted.length === 0) return undefined;
  const sequences = wanted.filter((r) => r.type === "SEQUENCE").map((r) => r.name);
  const objects = await sourceObjects(session, database, sequences);
  const columns = await sourceColumns(session, database);
  const tables: FoundTable[] = [];
  for (const row of wanted) {
    if (row.type === "SEQUENCE") continue;
    const { name } = row;
    const kind = row.type === "VIEW" ? "view" : "table";
    tables.push({
      namespace: `${database}.${name}`,
      database,
      name,
      kind,
      engine: row.engine ?? "",
      hasHistory: row.type === "SYSTEM VERSIONED",
      rowCount: Number(row.rows ?? 0),
      table: {
        ...(await tableDefinition(session, database, name, kind, columns.get(name) ?? [])),
        comment: kind === "view" ? "" : row.comment,
        triggers: [...(objects.triggers.get(name) ?? [])],
      },
    });
  }
  return { tables, databases: [objects.database], unreadable: objects.unreadable };
}

async function tableDefinition(
  session: MysqlSession,
  database: string,
  name: string,
  kind: FoundTable["kind"],
  columns: readonly SourceColumn[],
): Promise<Pick<SourceTable, "createStatement" | "columns" | "keyColumns" | "indexes" | "madeUnder">> {
  const created = await showCreate(session, kind, database, name);
  const indexes = kind === "view" ? [] : await sourceIndexes(session, database, name);
  return {
    createStatement: created![kind === "view" ? "Create View" : "Create Table"]!,
    columns: [...columns],
    ...(kind === "view" ? { madeUnder: madeUnder(created!) } : {}),
    keyColumns: keyIndex(indexes, columns)?.columns.map((c) => c.name) ?? [],
    indexes,
  };
}

function madeUnder(view: CreateRow): { characterSet: string; collation: string } {
  return {
    characterSet: view["character_set_client"] ?? "",
    collation: view["collation_connection"] ?? "",
  };
}
