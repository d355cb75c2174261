import { asObject, readCollectionFile, type SourceNamespace } from "@firebreak/archive";
import { tableName } from "@firebreak/mysql";
import { drawDocuments, type Drawing } from "../archived/draw-documents.ts";
import type { TestedQuery } from "../tested-query.ts";
import { indexQuery, keyQueries, type GenericPlace } from "./generic-queries.ts";
import type { GenericColumn, GenericTable } from "./generic-table.ts";

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
  for (const { name, fields } of await indexesOf(drawing, ns)) {
    const query = indexQuery(place, { name, columns: leadingColumns(table, fields) }, drawn);
    if (query !== undefined) queries.push(query);
    else notAsked.push({ namespace: ns.namespace, index: name, field: fields[0]! });
  }
  return { queries: queries.filter(({ cases }) => cases.length > 0), notAsked };
}

/** Returns the columns of an index's first fields, up to one without a column. */
function leadingColumns({ columns }: GenericTable, fields: readonly string[]): GenericColumn[] {
  const known = fields.map((field) => columns.get(field));
  const end = known.indexOf(undefined);
  return known.slice(0, end < 0 ? known.length : end).filter((column) => column !== undefined);
}

/** Returns the secondary indexes of a collection, with the fields of each. */
async function indexesOf(
  { archive, identities }: Drawing,
  ns: SourceNamespace,
): Promise<{ readonly name: string; readonly fields: readonly string[] }[]> {
  const { indexTexts } = await readCollectionFile(archive, ns, identities);
  return indexTexts.flatMap((text) => {
    const index = asObject(JSON.parse(text));
    const fields = Object.keys(asObject(index["key"]));
    return fields[0] === undefined || fields[0] === "_id" ? [] : [{ name: String(index["name"]), fields }];
  });
}
