import {
  type CollectionKind,
  LineEncoder,
  RAW_LINE_START,
  ReasonError,
  type SourceCollection,
} from "@firebreak/archive";
import { BSON_TYPE, elementsOf, isNested, textOf, type Element } from "./elements.ts";
import { bsonOfExtendedJson } from "./extended-json.ts";
import { mongodumpFault } from "./mongodump-faults.ts";
import { dumpReason } from "./mongodump-reasons.ts";

/** The description of a collection in a dump, apart from its documents. */
export interface Metadata {
  /** The collection's name. Missing in dumps before 100.0. */
  readonly collectionName: string | undefined;
  readonly kind: CollectionKind;
  readonly optionsText: string;
  readonly indexTexts: readonly string[];
}

/** The description of a collection that has no metadata. */
export const NO_METADATA: Metadata = {
  collectionName: undefined,
  kind: "collection",
  optionsText: "{}",
  indexTexts: [],
};

/**
 * Reads the text of a `metadata.json`. The texts of options and indexes are the same as in an export from the
 * server, whatever form of Extended JSON they had.
 *
 * @throws Error with the reason.
 */
export function readMetadata(text: string): Metadata {
  const fields = fieldsOf(bsonOfExtendedJson(text));
  const options = documentIn(fields, "options") ?? EMPTY_DOCUMENT;
  const indexes = fieldsOf(documentIn(fields, "indexes") ?? EMPTY_DOCUMENT);
  return {
    collectionName: textOf(fields.get("collectionName")),
    kind: kindOf(options),
    optionsText: lineText(options),
    indexTexts: [...indexes.keys()].map((name) => lineText(documentIn(indexes, name)!)),
  };
}

/**
 * Returns the text of a `metadata.json` as mongodump writes it, except the UUID, which an archive does not
 * keep.
 *
 * @throws {FirebreakError} `dump-unsayable` if Extended JSON cannot express the options or an index.
 */
export function metadataText(collection: SourceCollection): string {
  const { namespace, kind, optionsText, indexTexts } = collection;
  if ([optionsText, ...indexTexts].some((text) => text.startsWith(RAW_LINE_START)))
    throw mongodumpFault("dump-unsayable", { namespace });
  const options = optionsText === "{}" ? "" : `"options":${optionsText},`;
  const name = JSON.stringify(collection.collection);
  const type = kind === "capped" ? "collection" : kind;
  return `{${options}"indexes":[${indexTexts.join(",")}],"collectionName":${name},"type":"${type}"}`;
}

/**
 * Finds the kind by the options. The metadata's own `type` is missing in older dumps, and is still `view` if
 * views were dumped as collections.
 */
function kindOf(options: Buffer): CollectionKind {
  const fields = fieldsOf(options);
  if (fields.has("viewOn")) return "view";
  if (fields.has("timeseries")) return "timeseries";
  const capped = fields.get("capped");
  return capped?.type === BSON_TYPE.boolean && capped.value[0] === 1 ? "capped" : "collection";
}

const EMPTY_DOCUMENT = Buffer.from([5, 0, 0, 0, 0]);

function fieldsOf(document: Buffer): Map<string, Element> {
  return new Map(elementsOf(document).map((element) => [element.name, element]));
}

function documentIn(fields: ReadonlyMap<string, Element>, name: string): Buffer | undefined {
  const field = fields.get(name);
  if (field === undefined) return undefined;
  if (!isNested(field)) throw new ReasonError(dumpReason("not-a-document", { name }));
  return field.value;
}

const encoder = new LineEncoder();

function lineText(document: Buffer): string {
  encoder.out.clear();
  encoder.encode(document, 0, document.length);
  return encoder.out.written().toString("utf8");
}
