import { readCollectionFile, textFields, type SourceNamespace, readTableFile } from "@firebreak/archive";

/** An index of a collection. `key` and `options` are objects in canonical Extended JSON. */
export interface IndexFacts {
  readonly name: string;
  readonly key: string;
  readonly options: string;
}

/** The content of `collection.json`. `options` is an object in canonical Extended JSON. */
export interface CollectionFacts {
  readonly options: string;
  readonly indexes: readonly IndexFacts[];
  /** Columns of a table or view of MySQL. */
  readonly columns?: readonly {
    readonly name: string;
    readonly sqlType: string;
    readonly isGenerated: boolean;
  }[];
  readonly triggers?: readonly string[];
}

/** Fields of an index that are no options: name and key stand apart, the version is the server's. */
const NOT_OPTIONS = new Set(["name", "key", "v", "ns"]);

/**
 * Reads a collection's options and indexes as they were in the source.
 *
 * @throws {FirebreakError} the errors of `readCollectionFile`.
 */
export async function collectionFacts(
  archive: string,
  ns: SourceNamespace,
  identities: readonly string[] | undefined,
): Promise<CollectionFacts> {
  const { optionsText, indexTexts } = await readCollectionFile(archive, ns, identities);
  return { options: optionsText, indexes: indexTexts.map(indexFacts) };
}

function indexFacts(text: string): IndexFacts {
  const fields = textFields(text);
  const options = [...fields].filter(([name]) => !NOT_OPTIONS.has(name));
  return {
    name: String(JSON.parse(fields.get("name") ?? '""')),
    key: fields.get("key") ?? "{}",
    options: `{${options.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`,
  };
}

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
