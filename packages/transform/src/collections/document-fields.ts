import { rawFields, type Fields, type ReadLine } from "@firebreak/archive";

/** One field of a line, with its value as the line spells it. */
export interface LineField {
  /** The name as real text. */
  readonly name: string;
  /** The value as byte text. */
  readonly text: string;
}

/** Returns all fields of a line, or undefined if text cannot express one of them. */
export function lineFields({
  line,
  isRaw,
  fields,
}: Pick<ReadLine, "line" | "isRaw" | "fields">): LineField[] | undefined {
  if (!isRaw)
    return Array.from({ length: fields.count }, (_, i) => ({ name: fields.names[i]!, text: fields.text(i) }));
  const all: LineField[] = [];
  for (const { name, text } of rawFields(line) ?? [{ name: undefined, text: undefined }]) {
    if (name === undefined || text === undefined) return undefined;
    all.push({ name, text });
  }
  return all;
}

/** Returns the name of the field with the longest content, which is to blame for a line's length. */
export function largestField(fields: Fields): string {
  let largest = 0;
  for (let i = 1; i < fields.count; i++)
    if (fields.contents[i]!.length > fields.contents[largest]!.length) largest = i;
  return fields.names[largest] ?? "";
}
