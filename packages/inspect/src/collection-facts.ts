import {
  archiveFault,
  arrayElements,
  fileInArchive,
  LineFields,
  MANIFEST,
  fromByteText,
  readSmallFile,
  reasonOf,
  toByteText,
  type SourceNamespace,
} from "@firebreak/archive";

/** An index of a collection; `key` and `options` are objects in canonical Extended JSON. */
export interface IndexFacts {
  readonly name: string;
  readonly key: string;
  readonly options: string;
}

/** What `collection.json` says; `options` is an object in canonical Extended JSON. */
export interface CollectionFacts {
  readonly options: string;
  readonly indexes: readonly IndexFacts[];
}

/** Said of every index, and of no interest: its name and key stand apart, the version is the server's. */
const NOT_OPTIONS = new Set(["name", "key", "v", "ns"]);

/**
 * Reads a collection's options and indexes as they were at the source. Texts are
 * cut, not parsed: the order of an index's fields counts, and JSON.parse does not keep it.
 *
 * @throws {FirebreakError} `file-missing`, `file-hash`, or `line-unreadable`, naming the file.
 */
export async function collectionFacts(
  archive: string,
  ns: SourceNamespace,
  identities: readonly string[] | undefined,
): Promise<CollectionFacts> {
  const path = fileInArchive(archive, MANIFEST, ns.metadata.file);
  const content = await readSmallFile(archive, ns.metadata, identities);
  try {
    // Line ends stand between its parts only: inside strings they are escaped.
    const fields = fieldsOf(content.toString("utf8").replaceAll("\n", ""));
    return {
      options: fields.get("options") ?? "{}",
      indexes: arrayElements(fields.get("indexes") ?? "[]").map(indexFacts),
    };
  } catch (error) {
    throw archiveFault("line-unreadable", { file: path, line: 1, reason: reasonOf(error) }, error);
  }
}

function indexFacts(text: string): IndexFacts {
  const fields = fieldsOf(text);
  const options = [...fields].filter(([name]) => !NOT_OPTIONS.has(name));
  return {
    name: JSON.parse(fields.get("name") ?? '""') as string,
    key: fields.get("key") ?? "{}",
    options: `{${options.map(([name, value]) => `${JSON.stringify(name)}:${value}`).join(",")}}`,
  };
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new LineFields();
  const bytes = toByteText(text);
  fields.read(bytes, 0, bytes.length);
  return new Map(
    Array.from({ length: fields.count }, (_, i) => [fields.names[i]!, fromByteText(fields.text(i))]),
  );
}
