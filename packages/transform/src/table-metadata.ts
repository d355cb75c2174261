import { textFields, type SourceTable } from "@firebreak/archive";
import type { NamedCollection } from "./mongodb-names.ts";
import type { DocumentKey } from "./document-key.ts";

/** What a collection knows of the table that its documents were: enough to make the table again. */
export interface TableMetadata extends DocumentKey {
  readonly firebreak: 1;
  readonly database: string;
  readonly name: string;
  /** The collection that it became: one of another name is no longer this table's. */
  readonly target: NamedCollection;
  readonly table: SourceTable;
}

/** The options that these facts stand in. */
export const METADATA_OPTIONS: readonly string[] = ["validator", "validationLevel", "validationAction"];

/**
 * The options of a collection with these facts of its table. They stand in a
 * validator that is off, for that goes wherever the collection goes, also by
 * mongodump, and MongoDB does not look at documents with it.
 */
export function metadataOptions(metadata: TableMetadata): string {
  const description = JSON.stringify(JSON.stringify(metadata));
  return `{"validator":{"$jsonSchema":{"description":${description}}},"validationLevel":"off"}`;
}

/**
 * The facts in a collection's options; undefined where there are none of ours.
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
  const metadata = value as Partial<TableMetadata> | null;
  return (
    metadata?.firebreak === 1 &&
    typeof metadata.target?.collection === "string" &&
    Array.isArray(metadata.key) &&
    Array.isArray(metadata.table?.columns)
  );
}

function fieldOf(text: string | undefined, name: string): string | undefined {
  if (text === undefined || !text.startsWith("{")) return undefined;
  return textFields(text).get(name);
}
