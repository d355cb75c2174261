import type { MysqlSession } from "./connect.ts";
import {
  CASCADES,
  columnFacts,
  COLUMNS,
  FOREIGN_KEYS,
  hasGaps,
  indexFacts,
  INDEXES,
  KINDS,
  PARTITIONS,
  TRIGGERS,
  type ColumnFacts,
  type ColumnRow,
  type IndexFacts,
  type IndexRow,
  type KindRow,
  type NameRow,
  type PartitionRow,
} from "./table-queries.ts";

/** A table as it is in the target. The server shows its triggers only to users who may create some. */
export interface TableFacts {
  /** True for a plain table. Otherwise `engine` names its kind: `view`, `sequence`, `system versioned`. */
  readonly isTable: boolean;
  readonly engine: string;
  readonly columns: readonly ColumnFacts[];
  readonly indexes: readonly IndexFacts[];
  /** The triggers that rows would start while they are loaded. */
  readonly triggers: readonly string[];
  /** Constraints of this table that refer to others. */
  readonly foreignKeys: readonly string[];
  /** Constraints of other tables that change rows there when a row is deleted here. */
  readonly cascades: readonly string[];
  /** True if there are partitions and none accepts the values outside the others' ranges or lists. */
  readonly hasGaps: boolean;
}

/** Returns true if an index begins with a column. */
export function isLeading({ indexes }: Pick<TableFacts, "indexes">, column: string): boolean {
  return indexes.some(({ columns: [first] }) => first?.name.toLowerCase() === column.toLowerCase());
}

/** The names of a table and of its database. */
export interface PlacedTable {
  readonly database: string;
  readonly table: string;
}

/** Reads the facts of a table. Returns undefined if there is no such table. */
export async function tableFacts(
  session: MysqlSession,
  database: string,
  table: string,
): Promise<TableFacts | undefined> {
  return (await factsOfTables(session, [{ database, table }]))(database, table);
}

/**
 * Reads the facts of tables, with as many queries for all tables of a database as for one: each costs the server
 * about a millisecond. The result returns undefined for a table that does not exist.
 */
export async function factsOfTables(
  session: MysqlSession,
  places: readonly PlacedTable[],
): Promise<(database: string, table: string) => TableFacts | undefined> {
  const databases = new Map<string, (table: string) => TableFacts | undefined>();
  for (const [database, own] of Map.groupBy(places, (place) => place.database)) {
    const { together, alone } = sorted(own.map(({ table }) => table));
    const ofMany = together.length === 0 ? () => undefined : await factsIn(session, database, together);
    const ofOne = new Map<string, TableFacts | undefined>();
    for (const table of alone) ofOne.set(table, (await factsIn(session, database, [table]))(table));
    databases.set(database, (table) => (ofOne.has(table) ? ofOne.get(table) : ofMany(table)));
  }
  return (database, table) => databases.get(database)?.(table);
}

/**
 * Returns the names that one query may have together, and those that it must have alone: MariaDB finds one table
 * for names that are equal by its collation (10.11, tried), which ignores case and accents.
 */
function sorted(names: readonly string[]): { readonly together: string[]; readonly alone: string[] } {
  if (names.length === 1) return { together: [], alone: [...names] };
  const counts = Map.groupBy(names, (name) => name.toLowerCase());
  const isPlain = (name: string): boolean =>
    /^[\x20-\x7e]+$/.test(name) && counts.get(name.toLowerCase())!.length === 1;
  return { together: names.filter(isPlain), alone: names.filter((name) => !isPlain(name)) };
}

async function factsIn(
  session: MysqlSession,
  database: string,
  tables: readonly string[],
): Promise<(table: string) => TableFacts | undefined> {
  const names = tables.map(() => "?").join(", ");
  const keyOf = await nameKeys(session, tables.length === 1);
  const read = async <R extends { readonly owner: string }>(sql: string): Promise<(table: string) => R[]> => {
    const rows = await session.rows<R>(sql.replace("(?)", `(${names})`), [database, ...tables]);
    const groups = Map.groupBy(rows, ({ owner }) => keyOf(owner));
    return (table) => groups.get(keyOf(table)) ?? [];
  };
  const kinds = await read<KindRow>(KINDS);
  if (tables.every((table) => kinds(table).length === 0)) return () => undefined;
  const columns = await read<ColumnRow>(COLUMNS);
  const indexes = await read<IndexRow>(INDEXES);
  const triggers = await read<NameRow>(TRIGGERS);
  const foreignKeys = await read<NameRow>(FOREIGN_KEYS);
  const cascades = await read<NameRow>(CASCADES);
  const partitions = await read<PartitionRow>(PARTITIONS);
  const namesOf = (rows: readonly NameRow[]): string[] => rows.map(({ name }) => name);
  return (table) => {
    const [found] = kinds(table);
    if (found === undefined) return undefined;
    const isTable = found.kind === "BASE TABLE";
    return {
      isTable,
      engine: isTable ? (found.engine ?? "") : found.kind.toLowerCase(),
      columns: columns(table).map(columnFacts),
      indexes: indexFacts(indexes(table)),
      triggers: namesOf(triggers(table)),
      foreignKeys: namesOf(foreignKeys(table)),
      cascades: namesOf(cascades(table)),
      hasGaps: hasGaps(partitions(table)),
    };
  };
}

/** Returns a function that gives the same text for names of one table, of those that a query has together. */
async function nameKeys(session: MysqlSession, isAlone: boolean): Promise<(name: string) => string> {
  // Whatever the server finds by the only name is that table.
  if (isAlone) return () => "";
  const [row] = await session.rows<{ mode: string | number }>("SELECT @@lower_case_table_names AS mode");
  return Number(row!.mode) === 0 ? (name) => name : (name) => name.toLowerCase();
}
