import type { Column, MysqlTable } from "@firebreak/archive";
import {
  collectionComment,
  sqlTypeOf,
  type ColumnPlan,
  type ColumnRule,
  columnLine,
  createTableStatement,
} from "@firebreak/mysql-format";
import type { TablePlan } from "../tables/table-plan.ts";

/**
 * Derives the plan of a chain's table from its columns and its statement. Returns undefined for a table that
 * this code would make differently.
 */
export function planOfTable(table: MysqlTable, collection: string): TablePlan | undefined {
  if (!table.createTable.includes(collectionComment(collection))) return undefined;
  const columns: ColumnPlan[] = [];
  for (const [i, column] of table.columns.entries()) {
    const rule = rulesOf(column).find((r) =>
      table.createTable.includes(columnLine({ name: column.name, rule: r }, i === 0)),
    );
    if (rule === undefined) return undefined;
    columns.push({ name: column.name, rule });
  }
  const { namespace, database, rowEncoding } = table;
  const plan: TablePlan = { kind: "generic", namespace, database, table: table.table, columns, rowEncoding };
  return createTableStatement(plan, collection) === table.createTable ? plan : undefined;
}

/** Returns the rules whose columns have the type. Mostly there is one. */
function rulesOf({ sqlType }: Column): ColumnRule[] {
  const [first = 0, second = 0] = (/\((.*)\)/.exec(sqlType)?.[1] ?? "").split(",").map(Number);
  const candidates: ColumnRule[] = [
    { kind: "integer", bits: 32 },
    { kind: "integer", bits: 64 },
    { kind: "integer", bits: 64, valueBits: 32 },
    { kind: "double" },
    { kind: "decimal", precision: first, scale: second },
    { kind: "boolean" },
    { kind: "string", maxCharacters: first },
    ...[65_535, 16_777_215, 4_294_967_295].flatMap((maxBytes): ColumnRule[] => [
      { kind: "string", maxBytes },
      { kind: "binary", maxBytes },
    ]),
    { kind: "binary", maxBytes: first },
    { kind: "date" },
    { kind: "objectId" },
    { kind: "uuid" },
    { kind: "uuidLegacy" },
    { kind: "nested" },
    { kind: "keyText" },
    { kind: "extra" },
  ];
  return candidates.filter((rule) => sqlTypeOf(rule) === sqlType);
}
