import { textFields, type SourceTable, asObject } from "@firebreak/archive";
import type { NamedCollection } from "./mongodb-names.ts";
import type { DocumentKey } from "./document-key.ts";

/** The facts that a collection keeps of the table it came from. They suffice to make the table again. */
export interface TableMetadata extends DocumentKey {
  readonly firebreak: 1;
  readonly database: string;
  readonly name: string;
  /** The collection that the table became. A collection with another name no longer stands for the table. */
  readonly target: NamedCollection;
  readonly table: SourceTable;
}

/** The options that carry these facts. */
export const METADATA_OPTIONS: readonly string[] = ["validator", "validationLevel", "validationAction"];

/**
 * Returns the options of a collection with the facts of its table. A disabled validator carries them: it goes
 * wherever the collection goes, also through mongodump, and MongoDB checks no documents with it.
 */
export function metadataOptions(metadata: TableMetadata): string {
  const description = JSON.stringify(JSON.stringify(metadata));
  return `{"validator":{"$jsonSchema":{"description":${description}}},"validationLevel":"off"}`;
}

/**
 * Returns the facts in a collection's options, or undefined if Firebreak stored none there.
 *
 * @param optionsText canonical Extended JSON.
 */
export function tableMetadata(optionsText: string): TableMetadata | undefined {
  const schema = fieldOf(fieldOf(optionsText, "validator"), "$jsonSchema");
  const description = fieldOf(schema, "description");
  if (description === undefined) return undefined;
  try {
    const text: unknown = JSON.parse(description);
    const value: unknown = typeof text === "string" ? JSON.parse(text) : undefined;
    return isMetadata(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

function isMetadata(value: unknown): value is TableMetadata {
  const { firebreak, target, key, table } = asObject(value);
  return (
    firebreak === 1 &&
    typeof asObject(target)["collection"] === "string" &&
    Array.isArray(key) &&
    Array.isArray(asObject(table)["columns"])
  );
}

function fieldOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined || !text.startsWith("{")) return undefined;
  return textFields(text).get(name);
}
