import { archiveFault } from "./archive-faults.ts";
import { reasonOf } from "./errors.ts";
import { fromByteText, toByteText } from "./line/byte-text.ts";
import { arrayElements, LineFields } from "./line/line-fields.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import { readSmallFile } from "./protection/small-file.ts";
import type { SourceCollection } from "./source-collection.ts";

/** What `collection.json` says besides the namespace: canonical Extended JSON, as the source told it. */
export type CollectionTexts = Pick<SourceCollection, "optionsText" | "indexTexts">;

/** The content of `collection.json`: line ends stand between its parts alone. */
export function collectionFileText({ namespace, kind, optionsText, indexTexts }: SourceCollection): string {
  const head = JSON.stringify({ namespace, kind }).slice(0, -1);
  return `${head},\n"options":${optionsText},\n"indexes":[${indexTexts.map((t) => `\n${t}`).join(",")}]}\n`;
}

/**
 * Reads a namespace's `collection.json`. Texts are cut, not parsed: the order of
 * an index's fields counts, and JSON.parse does not keep it.
 *
 * @throws {FirebreakError} `file-missing`, `file-hash`, `key-missing`, `key-wrong`, or `line-unreadable`.
 */
export async function readCollectionFile(
  archive: string,
  ns: Pick<SourceNamespace, "metadata">,
  identities?: readonly string[],
): Promise<CollectionTexts> {
  const content = await readSmallFile(archive, ns.metadata, identities);
  try {
    const fields = textFields(content.toString("utf8").replaceAll("\n", ""));
    return {
      optionsText: fields.get("options") ?? "{}",
      indexTexts: arrayElements(fields.get("indexes") ?? "[]"),
    };
  } catch (error) {
    const { file } = ns.metadata;
    throw archiveFault("line-unreadable", { file, line: 1, reason: reasonOf(error) }, error);
  }
}

/** The top-level fields of an object's text, values unread; real text in and out. */
export function textFields(text: string): Map<string, string> {
  const fields = new LineFields();
  const bytes = toByteText(text);
  fields.read(bytes, 0, bytes.length);
  return new Map(
    Array.from({ length: fields.count }, (_, i) => [fields.names[i]!, fromByteText(fields.text(i))]),
  );
}
