import type { SourceDatabase, SourceTable, StoredObject } from "@firebreak/archive";
import { collationsIn } from "./collation-map.ts";

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
