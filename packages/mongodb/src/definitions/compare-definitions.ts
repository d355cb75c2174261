import type { SourceCollection } from "@firebreak/archive";
import { mapOf } from "../driver/bson-map.ts";
import type { MongodbSource } from "../driver/connect.ts";
import { documentOf, type Definition } from "./definition.ts";
import { lineText, listDatabase, type Namespace } from "../driver/namespaces.ts";
import { normalIndex, normalOptions } from "./normal-definition.ts";

/** A collection or view as it should be. */
export interface DefinedCollection extends Definition {
  readonly namespace: string;
  readonly database: string;
  readonly kind: SourceCollection["kind"];
}

/** A property of a collection that differs between the archive and the target. */
export interface DefinitionDifference {
  readonly namespace: string;
  readonly what: "missing" | "kind" | "options" | "index";
  readonly expected: string;
  readonly found: string;
}

/**
 * Compares the kind, options and indexes of collections in the target with those in the archive.
 *
 * The order of indexes does not count, and spellings that mean the same are equal. The index on `_id` is
 * ignored, because every collection has it, listed or not.
 */
export async function compareDefinitions(
  target: MongodbSource,
  collections: readonly DefinedCollection[],
): Promise<DefinitionDifference[]> {
  const existing = await listPlaces(target, collections);
  return collections.flatMap((defined) => differencesOf(defined, existing.get(defined.namespace)));
}

/** Returns the existing collections and views that have these names, by namespace. */
export async function listPlaces(
  target: MongodbSource,
  collections: readonly Pick<DefinedCollection, "namespace" | "database">[],
): Promise<Map<string, Namespace>> {
  const wanted = new Set(collections.map((c) => c.namespace));
  const existing = new Map<string, Namespace>();
  for (const database of new Set(collections.map((c) => c.database)))
    for (const ns of await listDatabase(target, database, (namespace) => wanted.has(namespace)))
      existing.set(ns.namespace, ns);
  return existing;
}

/** True for the index on `_id`, which the server makes by itself. */
export function isIdIndex(index: Buffer): boolean {
  return mapOf(index).get("name") === "_id_";
}

/** True if options mean the same as `text`, a definition's options in canonical Extended JSON. */
export function isSameOptions(options: Buffer, text: string): boolean {
  return normalOptions(mapOf(options)) === normalOptions(mapOf(documentOf(text)));
}

/** Returns those of the listed indexes `texts` that a definition does not have. */
export function unknownIndexes(indexes: readonly Buffer[], texts: readonly string[]): string[] {
  const known = new Set(indexes.map((index) => normalIndex(mapOf(index))));
  return texts.filter((text) => {
    const index = documentOf(text);
    return !isIdIndex(index) && !known.has(normalIndex(mapOf(index)));
  });
}

function differencesOf(defined: DefinedCollection, found: Namespace | undefined): DefinitionDifference[] {
  const { namespace } = defined;
  if (found === undefined) return [{ namespace, what: "missing", expected: defined.kind, found: "" }];
  const differences: DefinitionDifference[] = [];
  const add = (what: DefinitionDifference["what"], expected: string, has: string): void => {
    differences.push({ namespace, what, expected, found: has });
  };
  if (defined.kind !== found.kind) add("kind", defined.kind, found.kind);
  if (!isSameOptions(defined.options, found.optionsText))
    add("options", lineText(defined.options), found.optionsText);
  const missing = unknownIndexes(found.indexTexts.map(documentOf), defined.indexes.map(lineText));
  for (const text of missing) add("index", text, "");
  for (const text of unknownIndexes(defined.indexes, found.indexTexts)) add("index", "", text);
  return differences;
}
