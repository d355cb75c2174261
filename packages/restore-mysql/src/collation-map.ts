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

/**
 * Returns the known collation that compares most like another server's, or undefined if none has
 * its character set. It prefers a collation that treats fewer values as equal: rows that differ at
 * the source then stay different.
 *
 * @param known the server's collations, by their full names.
 */
export function likeCollation(collation: string, known: readonly string[]): string | undefined {
  const set = characterSetOf(collation);
  const there = new Set(known.filter((name) => characterSetOf(name) === set));
  const rest = collation.slice(collation.indexOf("_") + 1);
  const [, ends] = /((?:a[is]_)?(?:c[is]|ks)|bin)$/.exec(rest) ?? [];
  const likely = [
    // MySQL's 0900 collations do not pad with spaces, and MariaDB's nopad collations do not either.
    ...(rest === "0900_bin" ? ["nopad_bin"] : []),
    ...(rest === "nopad_bin" ? ["0900_bin"] : []),
    ...(/\b0900\b|_0900_|^0900_/.test(rest) ? [`uca1400_nopad_${ends}`, "uca1400_nopad_as_cs"] : []),
    ...(rest.startsWith("uca1400_") ? [`0900_${ends}`, "0900_as_cs"] : []),
    rest.replace("nopad_", ""),
    ...(ends === "ci" || ends?.endsWith("_ci") === true
      ? ["unicode_520_ci", "unicode_ci", "general_ci"]
      : []),
    "bin",
  ];
  const prefixes = set === "utf8mb3" ? ["utf8mb3", "utf8"] : [set];
  const names = likely.flatMap((name) => prefixes.map((prefix) => `${prefix}_${name}`));
  return names.find((name) => name !== collation && there.has(name));
}

/** The uses of collations: for each collation, the columns and other objects that name it, in their order. */
export type CollationUses = Map<string, string[]>;

/** Adds the collations of a table or view, its columns and triggers. */
export function addUsesOfTable(uses: CollationUses, namespace: string, table: SourceTable): void {
  const ofColumns = new Set<string>();
  for (const { name, collation } of table.columns)
    if (collation !== undefined) {
      ofColumns.add(collation);
      add(uses, collation, `${namespace}.${name}`);
    }
  const named = [...collationsIn(table.createStatement), table.madeUnder?.collation ?? ""];
  for (const collation of named) if (!ofColumns.has(collation)) add(uses, collation, namespace);
  for (const trigger of table.triggers)
    addUsesOfStored(uses, `trigger ${trigger.name} of ${namespace}`, trigger);
}

/** Adds the collations of a database and of its objects besides tables. */
export function addUsesOfDatabase(uses: CollationUses, all: SourceDatabase): void {
  for (const collation of collationsIn(all.createStatement)) add(uses, collation, `database ${all.database}`);
  const kinds = { procedure: all.procedures, function: all.functions, event: all.events };
  for (const [kind, objects] of Object.entries(kinds))
    for (const object of objects) addUsesOfStored(uses, `${kind} ${all.database}.${object.name}`, object);
}

function addUsesOfStored(uses: CollationUses, place: string, object: StoredObject): void {
  const { createStatement, collation, databaseCollation = "" } = object;
  for (const name of new Set([...collationsIn(createStatement), collation, databaseCollation]))
    add(uses, name, place);
}

function add(uses: CollationUses, collation: string, place: string): void {
  if (collation === "") return;
  const places = uses.get(collation) ?? [];
  if (!places.includes(place)) places.push(place);
  uses.set(collation, places);
}
