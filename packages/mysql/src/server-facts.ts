import { quoteIdentifier } from "@firebreak/archive";
import type { MysqlSession } from "./connect.ts";

/** What preflight looks at. */
export interface ServerFacts {
  readonly version: string;
  readonly isMariadb: boolean;
  readonly major: number;
  readonly minor: number;
  readonly patch: number;
  readonly hasLocalInfile: boolean;
  readonly isReadOnly: boolean;
  readonly maxAllowedPacket: number;
  readonly lowerCaseTableNames: number;
}

export async function serverFacts(session: MysqlSession): Promise<ServerFacts> {
  const [row] = await session.rows<{
    version: string;
    localInfile: string;
    readOnly: string;
    packet: string;
    lowerCase: string;
  }>(
    `SELECT VERSION() AS version, CAST(@@GLOBAL.local_infile AS CHAR) AS localInfile, CAST(@@GLOBAL.read_only AS CHAR) AS readOnly,
      CAST(@@SESSION.max_allowed_packet AS CHAR) AS packet, CAST(@@GLOBAL.lower_case_table_names AS CHAR) AS lowerCase`,
  );
  const version = row!.version;
  const [major = 0, minor = 0, patch = 0] = (/^(\d+)\.(\d+)\.(\d+)/.exec(version) ?? []).slice(1).map(Number);
  const isOn = (value: string): boolean => value === "1" || value.toUpperCase() === "ON";
  return {
    version,
    major,
    minor,
    patch,
    isMariadb: /mariadb/i.test(version),
    hasLocalInfile: isOn(row!.localInfile),
    isReadOnly: isOn(row!.readOnly),
    maxAllowedPacket: Number(row!.packet),
    lowerCaseTableNames: Number(row!.lowerCase),
  };
}

/** The privileges that statements on a database need and the user's grants do not show. */
export async function missingPrivileges(
  session: MysqlSession,
  database: string,
  needed: readonly string[],
): Promise<string[]> {
  const grants = (await session.rows<Record<string, string>>("SHOW GRANTS")).map(
    (row) => Object.values(row)[0]!,
  );
  const held = new Set<string>();
  for (const grant of grants) {
    const found = /^GRANT (.+?) ON (.+?) TO /s.exec(grant);
    // A role's own grants are listed only when it is active; with one that cannot be seen through, the statements will tell.
    if (found === null) return [];
    const [, privileges = "", scope = ""] = found;
    if (!covers(scope, database)) continue;
    for (const privilege of privileges.split(/,\s*/)) held.add(privilege.trim().toUpperCase());
  }
  return held.has("ALL PRIVILEGES") ? [] : needed.filter((p) => !held.has(p));
}

function covers(scope: string, database: string): boolean {
  if (scope === "*.*") return true;
  const name = /^`((?:[^`]|``)*)`\.\*$/.exec(scope)?.[1]?.replaceAll("``", "`");
  if (name === undefined) return false;
  // Grants on databases are patterns: _ and % are wild, unless escaped (manual, 15.7.1.6).
  const pattern = name.replace(
    /\\([_%])|[_%]|[.*+?^${}()|[\]]/g,
    (m, escaped: string | undefined) => escaped ?? (m === "_" ? "." : m === "%" ? ".*" : `\\${m}`),
  );
  return new RegExp(`^${pattern}$`, "is").test(database);
}

/** A table as it stands in the target; undefined where there is none. */
export interface TableFacts {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly engine: string;
}

export async function tableFacts(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<TableFacts | undefined> {
  const [found] = await session.rows<{ engine: string | null }>(
    "SELECT engine AS engine FROM information_schema.tables WHERE table_schema = ? AND table_name = ?",
    [database, table],
  );
  if (found === undefined) return undefined;
  const columns = await session.rows<{ name: string; type: string }>(
    "SELECT column_name AS name, column_type AS type FROM information_schema.columns WHERE table_schema = ? AND table_name = ? ORDER BY ordinal_position",
    [database, table],
  );
  // MariaDB shows INT as int(11), MySQL as int: the width is for display only. TINYINT(1) both keep.
  return {
    engine: found.engine ?? "view",
    columns: columns.map(({ name, type }) => ({ name, type: type.replace(/^(int|bigint)\(\d+\)/, "$1") })),
  };
}

export async function databaseExists(session: MysqlSession, database: string): Promise<boolean> {
  return (
    (await session.rows("SELECT 1 FROM information_schema.schemata WHERE schema_name = ?", [database]))
      .length > 0
  );
}

export async function countRows(session: MysqlSession, database: string, table: string): Promise<number> {
  const [row] = await session.rows<{ n: string }>(
    `SELECT CAST(COUNT(*) AS CHAR) AS n FROM ${tableName(database, table)}`,
  );
  return Number(row!.n);
}

export async function indexNames(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<Set<string>> {
  const rows = await session.rows<{ name: string }>(
    "SELECT DISTINCT index_name AS name FROM information_schema.statistics WHERE table_schema = ? AND table_name = ?",
    [database, table],
  );
  return new Set(rows.map((r) => r.name));
}

export function tableName(database: string, table: string): string {
  return `${quoteIdentifier(database)}.${quoteIdentifier(table)}`;
}
