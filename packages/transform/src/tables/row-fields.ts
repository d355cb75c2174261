import { kindOf, LineFields, type ReadLine } from "@firebreak/archive";
import { lineFields, type LineField } from "../collections/document-fields.ts";
import { ID, type DocumentKey } from "../collections/document-key.ts";
import type { QuarantineReason } from "./row-mapper.ts";

/** The reason why a document has no row in its table. */
export interface RefusedFields {
  readonly reason: QuarantineReason;
  readonly field: string;
}

/**
 * Returns the columns of the row that a document was made of. Key and renamed columns get their names back.
 */
export function rowFields(
  read: Pick<ReadLine, "line" | "isRaw" | "fields">,
  { key, renamed }: DocumentKey,
): readonly LineField[] | RefusedFields {
  const fields = lineFields(read);
  if (fields === undefined) return { reason: "document-malformed", field: "" };
  const id = fields.find(({ name }) => name === ID);
  if (id === undefined) return { reason: "key-missing", field: ID };
  const keyFields = keyColumns(id.text, key);
  if (keyFields === undefined) return { reason: "value-foreign", field: ID };
  const original = new Map(Object.entries(renamed).map(([column, field]) => [field, column]));
  const others = fields.filter((field) => field !== id);
  return [...keyFields, ...others.map(({ name, text }) => ({ name: original.get(name) ?? name, text }))];
}

/**
 * Returns the key columns, or undefined if the text is not a key of these columns. An `_id` derived from a
 * line's position belongs to no column.
 */
function keyColumns(text: string, key: readonly string[]): LineField[] | undefined {
  const [only] = key;
  if (only === undefined) return kindOf(text) === "objectId" ? [] : undefined;
  if (key.length === 1) return [{ name: only, text }];
  if (kindOf(text) !== "nested" || !text.startsWith("{")) return undefined;
  const inside = new LineFields();
  inside.read(text, 0, text.length);
  const found = Array.from({ length: inside.count }, (_, i) => ({
    name: inside.names[i]!,
    text: inside.text(i),
  }));
  const isKey =
    found.length === key.length && key.every((name) => found.some((field) => field.name === name));
  return isKey ? found : undefined;
}
