import { quoteIdentifier } from "@firebreak/mysql-format";
import type { NotCarried } from "@firebreak/archive";
import type { MysqlSession } from "../driver/connect.ts";

/** A kind of object that the server has and this version of Firebreak does not know. */
export interface UnknownKind {
  /** `TRIGGER` for objects that TRIGGER_SCHEMA and TRIGGER_NAME name. */
  readonly noun: string;
  /** The table of information_schema that lists the objects. */
  readonly table: string;
}

/** The kinds that are read, and the parts of tables. */
const KNOWN: ReadonlySet<string> = new Set([
  "TABLE",
  "VIEW",
  "ROUTINE",
  "EVENT",
  "TRIGGER",
  "LIBRARY",
  "SEQUENCE",
  "CONSTRAINT",
  "INDEX",
]);

/** A column of information_schema. */
interface SchemaColumn {
  readonly table: string;
  readonly column: string;
}

/**
 * Asks the server which kinds of objects it has.
 *
 * @throws {FirebreakError} any `mysql-…` code.
 */
export async function unknownKinds(session: MysqlSession): Promise<UnknownKind[]> {
  return kindsAmong(
    await session.rows<SchemaColumn>(
      `SELECT table_name AS \`table\`, column_name AS \`column\` FROM information_schema.columns
        WHERE table_schema = 'information_schema' AND ordinal_position <= 3`,
    ),
  );
}

/**
 * Finds the tables of information_schema that list objects of a kind. TRIGGERS, for example, begins
 * with the TRIGGER_SCHEMA and TRIGGER_NAME of each. Tables about parts of objects have other names.
 */
export function kindsAmong(columns: readonly SchemaColumn[]): UnknownKind[] {
  return [...Map.groupBy(columns, (c) => c.table)].flatMap(([table, found]): UnknownKind[] => {
    const names = found.map((c) => c.column.toUpperCase());
    const noun = names.find((name) => name.endsWith("_SCHEMA"))?.replace(/_SCHEMA$/, "");
    const isListed = noun !== undefined && names.includes(`${noun}_NAME`) && table === pluralOf(noun);
    return isListed && !KNOWN.has(noun) ? [{ noun, table }] : [];
  });
}

function pluralOf(noun: string): string {
  return noun.endsWith("Y") ? noun.replace(/Y$/, "IES") : `${noun}S`;
}

/** Lists the objects of these kinds in a database. */
export async function unknownObjects(
  session: MysqlSession,
  kinds: readonly UnknownKind[],
  database: string,
): Promise<NotCarried[]> {
  const found: NotCarried[] = [];
  for (const { noun, table } of kinds) {
    const rows = await session.rows<{ name: string }>(
      `SELECT DISTINCT ${quoteIdentifier(`${noun}_NAME`)} AS name FROM information_schema.${quoteIdentifier(table)}
        WHERE ${quoteIdentifier(`${noun}_SCHEMA`)} = ? ORDER BY name`,
      [database],
    );
    const kind = noun.toLowerCase().replaceAll("_", " ");
    found.push(...rows.map(({ name }): NotCarried => ({ kind, name, reason: "kind-not-carried" })));
  }
  return found;
}
