import { readTableFile, type SourceNamespace } from "@firebreak/archive";
import type { CollectionFacts } from "./collection-facts.ts";

/**
 * Reads a table's or view's columns, indexes and triggers as they were in the source.
 *
 * @throws {FirebreakError} the errors of `readTableFile`.
 */
export async function tableFacts(
  archive: string,
  ns: SourceNamespace,
  identities: readonly string[] | undefined,
): Promise<CollectionFacts> {
  const { columns, indexes, triggers } = await readTableFile(archive, ns, identities);
  return {
    options: "{}",
    indexes: indexes.map(({ name, isUnique, type, columns: parts }) => ({
      name,
      key: objectText(parts.map((part) => [part.name, part.isDescending ? -1 : 1])),
      options: objectText([
        ...(isUnique ? ([["unique", true]] as const) : []),
        ...(type === "BTREE" ? [] : ([["type", type]] as const)),
      ]),
    })),
    columns: columns.map(({ name, sqlType, isGenerated }) => ({ name, sqlType, isGenerated })),
    triggers: triggers.map(({ name }) => name),
  };
}

/** Writes the text itself, because an object would move names that are numbers to the front. */
function objectText(fields: readonly (readonly [name: string, value: unknown])[]): string {
  return `{${fields.map(([name, value]) => `${JSON.stringify(name)}:${JSON.stringify(value)}`).join(",")}}`;
}
