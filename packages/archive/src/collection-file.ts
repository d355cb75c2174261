import { archiveFault } from "./archive-faults.ts";
import { reasonOf } from "./reasons.ts";
import { fromByteText, toByteText } from "./line/byte-text.ts";
import { arrayElements, LineFields } from "./line/reading/line-fields.ts";
import type { SourceNamespace } from "./manifest/source-manifest.ts";
import { readSmallFile } from "./protection/small-file.ts";

/** A kind of MongoDB namespace. */
export type CollectionKind = Exclude<SourceNamespace["kind"], "table">;

/** One collection as its source describes it. */
export interface SourceCollection {
  readonly namespace: string;
  readonly database: string;
  readonly collection: string;
  readonly kind: SourceNamespace["kind"];
  /** Options and indexes as canonical Extended JSON, exactly as the source gave them. */
  readonly optionsText: string;
  readonly indexTexts: readonly string[];
}

/**
 * The contents of `collection.json` besides the namespace: canonical Extended JSON, as the source gave it.
 */
export type CollectionTexts = Pick<SourceCollection, "optionsText" | "indexTexts">;

/** Returns the content of `collection.json`. Only between its parts are there line ends. */
export function collectionFileText({ namespace, kind, optionsText, indexTexts }: SourceCollection): string {
  const head = JSON.stringify({ namespace, kind }).slice(0, -1);
  return `${head},\n"options":${optionsText},\n"indexes":[${indexTexts.map((t) => `\n${t}`).join(",")}]}\n`;
}

/**
 * Reads a namespace's `collection.json`. It cuts texts and does not parse them, because the order of an
 * index's fields counts and JSON.parse does not keep it.
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

/** Returns the top-level fields of an object's text with unparsed values. Input and output are real text. */
export function textFields(text: string): Map<string, string> {
  const fields = new LineFields();
  const bytes = toByteText(text);
  fields.read(bytes, 0, bytes.length);
  return new Map(
    Array.from({ length: fields.count }, (_, i) => [fields.names[i]!, fromByteText(fields.text(i))]),
  );
}
