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
  const keys = chooseValues(valuesOf(drawn, [table.key]), textOf, 20).map(([key]) => key!);
  const name = `${table.namespace} by ${table.key.name}`;
  const byKey: TestedQuery = {
    name,
    isOrdered: false,
    cases: keys.map((key) => equalityCase(place, [key])),
    lookup: lookupOf(place, [table.key]),
  };
  const page: TestedQuery = {
    name: `${table.namespace} page by ${table.key.name}`,
    isOrdered: true,
    cases: keys.map((key) => pageCase(place, key)),
    lookup: lookupOf(place, [table.key]),
  };
  return SAME_ORDER.has(table.key.kind) ? [byKey, page] : [byKey];
}

/**
 * Returns the reads by a secondary index of the source: by all of its columns, or by as many of the first ones as a
 * document has values for. Undefined if none has any.
 */
export function indexQuery(
  place: GenericPlace,
  { name, columns }: { readonly name: string; readonly columns: readonly GenericColumn[] },
  drawn: readonly FoundDocument[],
): TestedQuery | undefined {
  for (let count = columns.length; count > 0; count--) {
    const asked = columns.slice(0, count);
    const values = chooseValues(valuesOf(drawn, asked), textOf);
    if (values.length === 0) continue;
    return {
      name: `${place.table.namespace} by ${asked.map((column) => column.name).join(", ")} (${name})`,
      isOrdered: false,
      cases: values.map((value) => equalityCase(place, value)),
      lookup: lookupOf(place, asked),
    };
  }
  return undefined;
}

function equalityCase(place: GenericPlace, sought: readonly SoughtValue[]): QueryCase {
  const { database, collection } = place;
  const filter = Object.fromEntries(sought.map(({ name, value }) => [name, { $eq: value }]));
  const where = sought.map(({ name, literal }) => `${quoteIdentifier(name)} = ${literal}`).join(" AND ");
  return {
    parameters: Object.fromEntries(sought.map(({ name, shown }) => [name, shown])),
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

function lookupOf({ tableName }: GenericPlace, columns: readonly GenericColumn[]): TestedQuery["lookup"] {
  const named = columns.map(({ name, sqlType }) => ({ name, sqlType }));
  return { table: tableName, columns: named, isGiven: false };
}

/** Returns the values in some columns of each document that has one in all of them. */
function valuesOf(drawn: readonly FoundDocument[], columns: readonly GenericColumn[]): SoughtValue[][] {
  return drawn
    .map((document) => columns.flatMap((column) => valueOf(document, column) ?? []))
    .filter((values) => values.length === columns.length);
}

function valueOf({ fields }: FoundDocument, column: GenericColumn): SoughtValue | undefined {
  for (let i = 0; i < fields.count; i++)
    if (fields.names[i] === column.name) return soughtValue(column, fields.text(i));
  return undefined;
}

function textOf(values: readonly SoughtValue[]): string {
  return JSON.stringify(values.map(({ literal }) => literal));
}
