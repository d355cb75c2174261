import { quoteIdentifier, type SourceColumn } from "@firebreak/archive";
import { keyIndex } from "./source-indexes.ts";
import { tableName } from "../server-facts.ts";
import type { FoundTable } from "./source-schema.ts";

/** A column that ranges are bounded by. */
interface BoundColumn {
  readonly name: string;
  readonly isDescending: boolean;
  /** The expression that reads a bound, and how its text becomes a literal that compares as the column does. */
  readonly textSql: string;
  readonly literalOf: (text: string) => string;
}

/** In which order a table's rows are read, and by what that order can be cut. */
export interface RowOrder {
  /** The table with the index that gives the order. */
  readonly from: string;
  /** Empty where rows come as the table keeps them. */
  readonly orderBy: string;
  /** Leading columns of the key; none where the table is one range. */
  readonly bounds: readonly BoundColumn[];
}

/** Where a range begins or ends: a literal for each bound column. */
export type KeyBound = readonly string[];

/**
 * The order of the key; of a table without one, or with one that holds only
 * the beginnings of values, the order in which the table keeps its rows.
 */
export function rowOrder({
  database,
  name,
  table,
}: Pick<FoundTable, "database" | "name" | "table">): RowOrder {
  const place = tableName(database, name);
  const index = keyIndex(table.indexes, table.columns);
  if (index === undefined || index.columns.some((c) => c.prefix !== undefined))
    return { from: `${place} USE INDEX ()`, orderBy: "", bounds: [] };
  const columns = new Map(table.columns.map((c) => [c.name, c]));
  const bounds: BoundColumn[] = [];
  for (const { name: column, isDescending } of index.columns) {
    const bound = boundOf(columns.get(column)!);
    // What follows a column that is not compared as it is sorted cannot bound either.
    if (bound === undefined) break;
    bounds.push({ name: column, isDescending, ...bound });
  }
  const sorted = index.columns.map((c) => `${quoteIdentifier(c.name)}${c.isDescending ? " DESC" : ""}`);
  return {
    from: `${place} FORCE INDEX (${quoteIdentifier(index.name)})`,
    orderBy: ` ORDER BY ${sorted.join(", ")}`,
    bounds,
  };
}

/**
 * Undefined for types that a literal is not compared with as they are sorted:
 * ENUM and SET sort by number and compare by name, floating-point numbers by bits that a literal may round.
 */
function boundOf(column: SourceColumn): Pick<BoundColumn, "textSql" | "literalOf"> | undefined {
  const name = quoteIdentifier(column.name);
  switch (column.dataType.toLowerCase()) {
    case "tinyint":
    case "smallint":
    case "mediumint":
    case "int":
    case "bigint":
    case "decimal":
    case "year":
      return { textSql: `CAST(${name} AS CHAR)`, literalOf: (text) => text.replace(/^0+(?=\d)/, "") };
    case "date":
    case "datetime":
    case "timestamp":
    case "time":
    case "uuid":
      return { textSql: `CAST(${name} AS CHAR)`, literalOf: (text) => `'${text}'` };
    case "binary":
    case "varbinary":
      return { textSql: `HEX(${name})`, literalOf: (hex) => `X'${hex}'` };
    case "char":
    case "varchar":
      return {
        textSql: `HEX(${name})`,
        literalOf: (hex) => `_${column.characterSet!} X'${hex}' COLLATE ${column.collation!}`,
      };
    default:
      return undefined;
  }
}

/** The condition for the rows from a bound on. */
export function fromBound({ bounds }: RowOrder, bound: KeyBound): string {
  return bounds.reduceRight((rest, { name, isDescending }, i) => {
    const column = quoteIdentifier(name);
    const above = `${column} ${isDescending ? "<" : ">"}`;
    const literal = bound[i]!;
    return rest === ""
      ? `${above}= ${literal}`
      : `(${above} ${literal} OR (${column} = ${literal} AND ${rest}))`;
  }, "");
}

/** The condition for the rows in front of a bound. */
export function beforeBound({ bounds }: RowOrder, bound: KeyBound): string {
  return bounds.reduceRight((rest, { name, isDescending }, i) => {
    const column = quoteIdentifier(name);
    const below = `${column} ${isDescending ? ">" : "<"}`;
    const literal = bound[i]!;
    return rest === ""
      ? `${below} ${literal}`
      : `(${below} ${literal} OR (${column} = ${literal} AND ${rest}))`;
  }, "");
}
