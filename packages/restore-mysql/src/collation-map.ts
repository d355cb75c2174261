import type { SourceDatabase, SourceTable, StoredObject } from "@firebreak/archive";
import { restoreMysqlFault } from "./restore-mysql-faults.ts";

/** The collations that `--collation-map` replaces, with their replacements. */
export type CollationMap = ReadonlyMap<string, string>;

/**
 * Reads `--collation-map FROM=TO`. One setting may have several pairs, separated by commas.
 *
 * @throws {FirebreakError} `collation-map-wrong` for another form, and for a pair of two character
 * sets.
 */
export function collationMapOf(settings: readonly string[]): CollationMap {
  return new Map(
    settings
      .flatMap((setting) => setting.split(","))
      .map((pair) => {
        const [, from, to] = /^(\w+)=(\w+)$/.exec(pair) ?? [];
        if (from === undefined || to === undefined)
          throw restoreMysqlFault("collation-map-wrong", { pair, why: "form" });
        if (characterSetOf(from) !== characterSetOf(to))
          throw restoreMysqlFault("collation-map-wrong", { pair, why: "character-set" });
        return [from, to];
      }),
  );
}

/**
 * Returns the character set of a collation, which its name begins with. Versions differ in the name
 * of utf8mb3.
 */
export function characterSetOf(collation: string): string {
  const [set] = /^[^_]*/.exec(collation)!;
  return set === "utf8" ? "utf8mb3" : set;
}

/**
 * Matches quoted text, a name or a comment, which all stay unchanged, or a collation with the word
 * before it.
 */
const PIECES =
  /'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`|--\s[^\n]*|#[^\n]*|\/\*(?!M?!).*?\*\/|\b(?<head>COLLATE\s*=?\s*)(?<name>\w+)/gis;

/** Returns the collations that a statement names. */
export function collationsIn(statement: string): string[] {
  const named = [...statement.matchAll(PIECES)].flatMap(({ groups }) => groups?.["name"] ?? []);
  return [...new Set(named)];
}

/** Returns a statement with its collations replaced by those of a map. Text and comments stay unchanged. */
export function mapStatement(statement: string, map: CollationMap): string {
  if (map.size === 0) return statement;
  return statement.replaceAll(PIECES, (piece: string, head?: string, name?: string) =>
    head === undefined || name === undefined ? piece : head + mapped(name, map),
  );
}

/** Returns a table or view with its collations replaced, as the target should have it. */
export function mapTable(table: SourceTable, map: CollationMap): SourceTable {
  const { madeUnder } = table;
  return {
    ...table,
    createStatement: mapStatement(table.createStatement, map),
    columns: table.columns.map((column) =>
      column.collation === undefined ? column : { ...column, collation: mapped(column.collation, map) },
    ),
    triggers: table.triggers.map((trigger) => mapStored(trigger, map)),
    ...(madeUnder === undefined
      ? {}
      : { madeUnder: { ...madeUnder, collation: mapped(madeUnder.collation, map) } }),
  };
}

/**
 * Returns a database and its objects besides tables with their collations replaced, as the target
 * should have them.
 */
export function mapDatabase(database: SourceDatabase, map: CollationMap): SourceDatabase {
  const stored = (objects: readonly StoredObject[]): StoredObject[] => objects.map((o) => mapStored(o, map));
  return {
    ...database,
    createStatement: mapStatement(database.createStatement, map),
    procedures: stored(database.procedures),
    functions: stored(database.functions),
    events: stored(database.events),
    ...(database.libraries === undefined ? {} : { libraries: stored(database.libraries) }),
  };
}

function mapStored(object: StoredObject, map: CollationMap): StoredObject {
  const { databaseCollation } = object;
  return {
    ...object,
    createStatement: mapStatement(object.createStatement, map),
    collation: mapped(object.collation, map),
    ...(databaseCollation === undefined ? {} : { databaseCollation: mapped(databaseCollation, map) }),
  };
}

function mapped(collation: string, map: CollationMap): string {
  return map.get(collation) ?? collation;
}
