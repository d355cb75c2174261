import { asObject, readCollectionFile, type SourceNamespace } from "@firebreak/archive";
import { tableName } from "@firebreak/mysql";
import { drawDocuments, type Drawing } from "../archived/draw-documents.ts";
import type { TestedQuery } from "../tested-query.ts";
import { indexQuery, keyQueries, type GenericPlace } from "./generic-queries.ts";
import type { GenericTable } from "./generic-table.ts";

/** The number of documents of a collection from which keys and values are chosen. */
const DRAWN = 120;

/** An index of the source whose first field has no column to look for, such as a field of a sub-document. */
export interface IndexNotAsked {
  readonly namespace: string;
  readonly index: string;
  readonly field: string;
}

export interface CollectionQueries {
  readonly queries: readonly TestedQuery[];
  readonly notAsked: readonly IndexNotAsked[];
}

/**
 * Makes the queries of one collection and its table: by key, pages, and by each index that the source has,
 * whether the target has it too or not.
 *
 * @param database the database of the tables, if the target's URL names one.
 * @throws {FirebreakError} any error of reading the archive.
 */
export async function collectionQueries(
  drawing: Drawing,
  ns: SourceNamespace,
  table: GenericTable,
  database: string | undefined,
): Promise<CollectionQueries> {
  const drawn = await drawDocuments(drawing, ns, DRAWN);
  const place: GenericPlace = {
    table,
    tableName: tableName(database ?? table.database, table.table),
    database: ns.database,
    collection: ns.collection,
  };
  const queries = keyQueries(place, drawn);
  const notAsked: IndexNotAsked[] = [];
  for (const { name, field } of await indexesOf(drawing, ns)) {
    const column = table.columns.get(field);
    const query = column && indexQuery(place, { name, column }, drawn);
    if (query !== undefined && query.cases.length > 0) queries.push(query);
    else notAsked.push({ namespace: ns.namespace, index: name, field });
  }
  return { queries: queries.filter(({ cases }) => cases.length > 0), notAsked };
}

/** Returns the secondary indexes of a collection, with the first field of each. */
async function indexesOf(
  { archive, identities }: Drawing,
  ns: SourceNamespace,
): Promise<{ readonly name: string; readonly field: string }[]> {
  const { indexTexts } = await readCollectionFile(archive, ns, identities);
  return indexTexts.flatMap((text) => {
    const index = asObject(JSON.parse(text));
    const [field] = Object.keys(asObject(index["key"]));
    return field === undefined || field === "_id" ? [] : [{ name: String(index["name"]), field }];
  });
}
