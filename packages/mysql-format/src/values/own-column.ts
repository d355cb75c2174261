import type { CellForm } from "@firebreak/items";
import type { Column, SourceColumn } from "@firebreak/archive";
import { sqlFamily } from "./sql-family.ts";

/** Character sets whose every text comes back from UTF-8 as the same bytes. */
const EXACT_SETS: ReadonlySet<string> = new Set(["utf8mb4", "utf8mb3", "utf8", "ascii", "latin1"]);

/** Returns the form of cells in a column with the definition of its MySQL source. */
export function ownForm({ dataType, characterSet, isNumbered }: SourceColumn): CellForm {
  switch (sqlFamily(dataType)) {
    case "double":
    case "float":
      return "double";
    case "bit":
    case "binary":
    case "geometry":
      return "binary";
    case "text":
      return characterSet === undefined || EXACT_SETS.has(characterSet) ? "text" : "mixed";
    case "choice":
      return isNumbered === true ? "member" : "text";
    case "integer":
    case "decimal":
    case "date":
    case "moment":
    case "time":
    case "year":
    case "json":
    case "named":
      return "text";
  }
}

/** Returns the entry in the manifest of `mysql/` for a column with the definition of its MySQL source. */
export function ownColumn(column: SourceColumn): Column {
  const { name, sqlType, characterSet, isNullable } = column;
  return {
    name,
    sqlType: withoutWidth(sqlType),
    form: ownForm(column),
    ...(characterSet === undefined ? {} : { characterSet }),
    isNullable,
  };
}

/**
 * Returns a type without the width that is for display only, which MariaDB shows and MySQL does not. It keeps
 * the width of TINYINT(1), which both show, and of types that fill it with zeros.
 */
export function withoutWidth(sqlType: string): string {
  if (/zerofill|^tinyint\(1\)/.test(sqlType)) return sqlType;
  return sqlType.replace(/^(tinyint|smallint|mediumint|int|bigint|year)\(\d+\)/, "$1");
}
