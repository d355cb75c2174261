import { rawFields, type ReadLine } from "@firebreak/archive";
import { fieldValueOf, type FieldValue } from "../documents/field-value.ts";

/**
 * Returns the names and values of a line's fields. Undefined if text cannot express them all, for example if
 * a name occurs twice.
 */
export function lineValues({
  line,
  isRaw,
  fields,
}: Pick<ReadLine, "line" | "isRaw" | "fields">): (readonly [name: string, value: FieldValue])[] | undefined {
  if (isRaw) {
    const all = rawFields(line);
    const isSaid = all?.every(({ name, text }) => name !== undefined && text !== undefined) === true;
    if (!isSaid || new Set(all.map(({ name }) => name)).size < all.length) return undefined;
  }
  return Array.from({ length: fields.count }, (_, i) => [
    fields.names[i]!,
    fieldValueOf(fields.kinds[i]!, fields.contents[i]!),
  ]);
}
