import { notCarried, type NotCarried, type NotCarriedReason, type SourceTable } from "@firebreak/archive";
import { ID } from "../collections/document-key.ts";

type SourceIndex = SourceTable["indexes"][number];

/**
 * The most indexes of a collection, including the one on `_id`; below, the most fields of an index (manual,
 * "MongoDB Limits and Thresholds").
 */
const MAX_INDEXES = 64;
const MAX_KEY_FIELDS = 32;

/** The name of MySQL's primary key, which becomes the index on `_id`. */
const PRIMARY = "PRIMARY";

/** All types that a column's value can have. NULL has none of them. */
const VALUE_TYPES = '["number","string","date","binData","bool","objectId","object","array"]';

/** The positions of a table's columns in its documents. */
export interface DocumentShape {
  readonly table: SourceTable;
  /** Returns the path of a column's field, or undefined if no index can name it. */
  readonly pathOf: (column: string) => string | undefined;
  /**
   * True if the table was made of a collection. Its prefix indexes then came from indexes on whole fields.
   */
  readonly isOfCollection: boolean;
}

export interface CollectionIndexes {
  /** The indexes as MongoDB lists them, in canonical Extended JSON. */
  readonly indexTexts: readonly string[];
  /** Indexes that the collection does not get, or gets in another form. */
  readonly notCarried: readonly NotCarried[];
}

/** Translates the indexes of a table to indexes of its collection, as far as MongoDB has an equivalent. */
export function collectionIndexes(shape: DocumentShape): CollectionIndexes {
  const indexTexts = [`{"v":{"$numberInt":"2"},"key":{"${ID}":{"$numberInt":"1"}},"name":"${ID}_"}`];
  const dropped: NotCarried[] = [];
  const made = new Map<string, string>();
  const drop = ({ name }: SourceIndex, reason: NotCarriedReason, detail?: string): void =>
    void dropped.push(notCarried("index", name, reason, detail));
  // If two indexes have the same fields, the unique one serves for both, so unique indexes come first.
  const ordered = [...shape.table.indexes].sort((a, b) => Number(b.isUnique) - Number(a.isUnique));
  for (const index of ordered) {
    if (index.name === PRIMARY) continue;
    const key = keyOf(shape, index);
    if ("reason" in key) {
      drop(index, key.reason, key.detail);
      continue;
    }
    if (key.text === `{"${ID}":{"$numberInt":"1"}}`) continue;
    const same = made.get(key.text);
    if (same !== undefined) {
      drop(index, "same-as", same);
      continue;
    }
    if (indexTexts.length === MAX_INDEXES) {
      drop(index, "too-many-indexes", String(MAX_INDEXES));
      continue;
    }
    made.set(key.text, index.name);
    indexTexts.push(
      `{"v":{"$numberInt":"2"},"key":${key.text},"name":${JSON.stringify(index.name)}${uniqueText(shape, index)}}`,
    );
    if (index.isUnique && foldsLetters(shape, index)) drop(index, "folds-letters");
  }
  return { indexTexts, notCarried: dropped };
}

function keyOf(
  { table, pathOf, isOfCollection }: DocumentShape,
  index: SourceIndex,
): { text: string } | { reason: NotCarriedReason; detail?: string } {
  if (index.type !== "BTREE" && index.type !== "HASH") return { reason: "index-kind", detail: index.type };
  if (index.columns.length === 0) return { reason: "expression" };
  if (index.columns.length > MAX_KEY_FIELDS)
    return { reason: "too-many-fields", detail: String(MAX_KEY_FIELDS) };
  const fields: string[] = [];
  for (const { name, isDescending, prefix } of index.columns) {
    const column = table.columns.find((c) => c.name === name);
    if (column === undefined || column.isGenerated) return { reason: "generated", detail: name };
    if (prefix !== undefined && !isOfCollection) return { reason: "prefix", detail: name };
    const path = pathOf(name);
    if (path === undefined) return { reason: "name-unfit", detail: name };
    fields.push(`${JSON.stringify(path)}:{"$numberInt":"${isDescending ? -1 : 1}"}`);
  }
  return { text: `{${fields.join(",")}}` };
}

/**
 * Returns the option text of a unique index. MySQL never treats rows with NULL in a unique key as equal, but
 * MongoDB does so for documents without a value. The filter leaves these out.
 */
function uniqueText({ table, pathOf }: DocumentShape, index: SourceIndex): string {
  if (!index.isUnique) return "";
  const nullable = index.columns.filter(({ name }) =>
    table.columns.some((c) => c.name === name && c.isNullable),
  );
  if (nullable.length === 0) return ',"unique":true';
  const filters = nullable.map(({ name }) => `${JSON.stringify(pathOf(name))}:{"$type":${VALUE_TYPES}}`);
  return `,"unique":true,"partialFilterExpression":{${filters.join(",")}}`;
}

function foldsLetters({ table }: DocumentShape, index: SourceIndex): boolean {
  return index.columns.some(({ name }) => {
    const collation = table.columns.find((c) => c.name === name)?.collation;
    return collation !== undefined && collation !== "binary" && !collation.endsWith("_bin");
  });
}
