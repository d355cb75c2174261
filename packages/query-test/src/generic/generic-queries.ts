import { quoteIdentifier } from "@firebreak/mysql-format";
import { comparableDocument, comparableRow } from "../answers/comparable-rows.ts";
import type { FoundDocument, QueryCase, TestedQuery } from "../tested-query.ts";
import { chooseValues } from "./choose-values.ts";
import type { GenericColumn, GenericTable } from "./generic-table.ts";
import { soughtValue, type SoughtValue } from "./value-literal.ts";

/** The rows of a page, and the most that a read by a secondary index asks for. */
const PAGE = 100;

/** Kinds of keys that both databases sort alike. Keys of several kinds and binaries sort in another way. */
const SAME_ORDER: ReadonlySet<string> = new Set([
  "int32",
  "int64",
  "wideInt32",
  "double",
  "decimal",
  "string",
  "date",
  "objectId",
  "uuid",
]);

/** A table, and the collection that it was made of. */
export interface GenericPlace {
  readonly table: GenericTable;
  /** The table's name with its database, quoted. */
  readonly tableName: string;
  readonly database: string;
  readonly collection: string;
}

/** Returns the reads of a collection by its key: one document each, and pages of documents. */
export function keyQueries(place: GenericPlace, drawn: readonly FoundDocument[]): TestedQuery[] {
  const { table } = place;
  const keys = chooseValues(valuesOf(drawn, table.key), ({ literal }) => literal, 20);
  const name = `${table.namespace} by ${table.key.name}`;
  const byKey: TestedQuery = {
    name,
    isOrdered: false,
    cases: keys.map((key) => equalityCase(place, table.key, key)),
    lookup: lookupOf(place, table.key),
  };
  const page: TestedQuery = {
    name: `${table.namespace} page by ${table.key.name}`,
    isOrdered: true,
    cases: keys.map((key) => pageCase(place, key)),
    lookup: lookupOf(place, table.key),
  };
  return SAME_ORDER.has(table.key.kind) ? [byKey, page] : [byKey];
}

/** Returns the reads by a secondary index of the source, by the first field of its key. */
export function indexQuery(
  place: GenericPlace,
  { name, column }: { readonly name: string; readonly column: GenericColumn },
  drawn: readonly FoundDocument[],
): TestedQuery {
  const values = chooseValues(valuesOf(drawn, column), ({ literal }) => literal);
  return {
    name: `${place.table.namespace} by ${column.name} (${name})`,
    isOrdered: false,
    cases: values.map((value) => equalityCase(place, column, value)),
    lookup: lookupOf(place, column),
  };
}

function equalityCase(
  place: GenericPlace,
  column: GenericColumn,
  { value, literal, shown }: SoughtValue,
): QueryCase {
  const { database, collection } = place;
  const filter = { [column.name]: { $eq: value } };
  const where = `${quoteIdentifier(column.name)} = ${literal}`;
  return {
    parameters: { [column.name]: shown },
    mongodb: async (find) => {
      const { documents, count } = await find({ database, collection, filter, limit: PAGE });
      return { rows: documents.map(comparableDocument), isWhole: count < PAGE };
    },
    mysql: async (select) => {
      const sql = `SELECT ${columnList(place)} FROM ${place.tableName} WHERE ${where} LIMIT ${PAGE}`;
      const { rows, count } = await select({ sql, values: [] });
      return { rows: rows.map((row) => comparableRow(row, place.table.kinds)), isWhole: count < PAGE };
    },
  };
}

function pageCase(place: GenericPlace, { value, literal, shown }: SoughtValue): QueryCase {
  const { database, collection, table } = place;
  const key = table.key.name;
  const column = quoteIdentifier(key);
  return {
    parameters: { [`${key} above`]: shown },
    mongodb: async (find) => {
      const filter = { [key]: { $gt: value } };
      const { documents, count } = await find({
        database,
        collection,
        filter,
        sort: { [key]: 1 },
        limit: PAGE,
      });
      return { rows: documents.map(comparableDocument), isWhole: count < PAGE };
    },
    mysql: async (select) => {
      const sql = `SELECT ${columnList(place)} FROM ${place.tableName} WHERE ${column} > ${literal} ORDER BY ${column} LIMIT ${PAGE}`;
      const { rows, count } = await select({ sql, values: [] });
      return { rows: rows.map((row) => comparableRow(row, table.kinds)), isWhole: count < PAGE };
    },
  };
}

function columnList({ table }: GenericPlace): string {
  return [...table.columns.keys()].map(quoteIdentifier).join(", ");
}

function lookupOf({ tableName }: GenericPlace, { name, sqlType }: GenericColumn): TestedQuery["lookup"] {
  return { table: tableName, columns: [{ name, sqlType }], isGiven: false };
}

function valuesOf(drawn: readonly FoundDocument[], column: GenericColumn): SoughtValue[] {
  return drawn.flatMap(({ fields }) => {
    for (let i = 0; i < fields.count; i++)
      if (fields.names[i] === column.name) return soughtValue(column, fields.text(i)) ?? [];
    return [];
  });
}
