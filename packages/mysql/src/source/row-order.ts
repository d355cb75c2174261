import { boundType, quoteIdentifier } from "@firebreak/mysql-format";
import type { SourceColumn } from "@firebreak/archive";
import { keyIndex } from "./source-indexes.ts";
import { tableName } from "../driver/server-facts.ts";
import type { FoundTable } from "./source-schema.ts";

/** A column that bounds ranges. */
interface BoundColumn {
  readonly name: string;
  readonly isDescending: boolean;
  /**
   * The expression that reads a bound. `literalOf` makes its text a literal that compares as the
   * column does.
   */
  readonly textSql: string;
  readonly literalOf: (text: string) => string;
}

/** The order in which a table's rows are read, and the columns that can cut it. */
export interface RowOrder {
  /** The table with the index that gives the order. */
  readonly from: string;
  /** Empty if rows come in the order in which the table keeps them. */
  readonly orderBy: string;
  /** Leading columns of the key; none if the table is one range. */
  readonly bounds: readonly BoundColumn[];
}

/** The start or end of a range: a literal for each bound column. */
export type KeyBound = readonly string[];

/**
 * Returns the order of the key. For a table without a key, or with a key that holds only the
 * beginnings of values, returns the order in which the table keeps its rows.
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
    // Columns after one that does not compare as it sorts cannot bound either.
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

function boundOf(column: SourceColumn): Pick<BoundColumn, "textSql" | "literalOf"> | undefined {
  const name = quoteIdentifier(column.name);
  switch (boundType(column)) {
    case "number":
      return { textSql: `CAST(${name} AS CHAR)`, literalOf: (text) => text.replace(/^0+(?=\d)/, "") };
    case "quoted":
      return { textSql: `CAST(${name} AS CHAR)`, literalOf: (text) => `'${text}'` };
    case "bytes":
      return { textSql: `HEX(${name})`, literalOf: (hex) => `X'${hex}'` };
    case "characters":
      return {
        textSql: `HEX(${name})`,
        literalOf: (hex) => `_${column.characterSet!} X'${hex}' COLLATE ${column.collation!}`,
      };
    case undefined:
      return undefined;
  }
}

/** Returns the condition for the rows at or after a bound. */
export function fromBound({ bounds }: RowOrder, bound: KeyBound): string {
  return condition(bounds, bound, [">=", ">", "<=", "<"]);
}

/** Returns the condition for the rows before a bound. */
export function beforeBound({ bounds }: RowOrder, bound: KeyBound): string {
  return condition(bounds, bound, ["<", "<", ">", ">"]);
}

/** @param signs for the last column and those before it; then the same for columns in descending order. */
function condition(
  bounds: readonly BoundColumn[],
  bound: KeyBound,
  [last, other, lastDown, otherDown]: readonly [string, string, string, string],
): string {
  return bounds.reduceRight((rest, { name, isDescending }, i) => {
    const column = quoteIdentifier(name);
    const literal = bound[i]!;
    return rest === ""
      ? `${column} ${isDescending ? lastDown : last} ${literal}`
      : `(${column} ${isDescending ? otherDown : other} ${literal} OR (${column} = ${literal} AND ${rest}))`;
  }, "");
}
