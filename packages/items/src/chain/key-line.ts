import { toByteText, rawFields, RAW_LINE_START, rawLineOf, type ReadLine } from "@firebreak/archive";

/** The name of the field that is a document's key, in the place of a table's key columns. */
export const DOCUMENT_KEY = ["_id"] as const;

/**
 * Returns the line that has only the key of this one, in byte text. Returns undefined if a field of the key
 * is missing. Two lines are of one document or row if and only if their key lines are equal: in a chain, the
 * later line of a key replaces the earlier ones.
 *
 * @param keyFields `DOCUMENT_KEY`, or a table's key columns in the key's order, in real text.
 */
export function keyLineOf(
  read: Pick<ReadLine, "line" | "fields">,
  keyFields: readonly string[],
): string | undefined {
  if (read.line.startsWith(RAW_LINE_START)) return keyOfRaw(read.line, keyFields);
  let key = "";
  for (const name of keyFields) {
    const i = placeOf(read.fields, name);
    if (i === undefined) return undefined;
    key += `${key === "" ? "{" : ","}${nameText(name)}:${read.fields.text(i)}`;
  }
  return `${key}}`;
}

function nameText(name: string): string {
  return toByteText(JSON.stringify(name));
}

function placeOf({ count, names }: ReadLine["fields"], name: string): number | undefined {
  // Only a raw line can have a name twice.
  for (let i = 0; i < count; i++) if (names[i] === name) return i;
  return undefined;
}

/**
 * Returns the key line of a raw document. If Extended JSON can say the key, the key line is like that of any
 * other document.
 */
function keyOfRaw(line: string, keyFields: readonly string[]): string | undefined {
  const fields = rawFields(line);
  if (fields === undefined) return undefined;
  const found = keyFields.map((name) => fields.find((f) => f.name === name));
  if (found.some((f) => f === undefined)) return undefined;
  if (found.every((f) => f!.text !== undefined))
    return `{${found.map((f, i) => `${nameText(keyFields[i]!)}:${f!.text}`).join(",")}}`;
  return rawLineOf(found.map((f) => f!.element));
}
