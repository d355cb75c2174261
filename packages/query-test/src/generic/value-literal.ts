import { contentOf, fromByteText, kindOf, stringOf } from "@firebreak/archive";
import { isDateInReach, isPlainDouble, keyLiteral, momentText } from "@firebreak/mysql-format";
import type { GenericColumn } from "./generic-table.ts";

/** A value of a document, to look for in both databases. */
export interface SoughtValue {
  /** The name of the field and of its column. */
  readonly name: string;
  /** The value in Extended JSON, which a filter takes. */
  readonly value: unknown;
  /** The value as a literal of SQL. */
  readonly literal: string;
  /** The value as people read it. */
  readonly shown: string;
}

/**
 * Returns a value as both databases look for it. Undefined if the column does not hold values of its kind:
 * such a value is in `_extra`, where no index finds it.
 *
 * @param text the value's text in byte text.
 */
export function soughtValue(column: GenericColumn, text: string): SoughtValue | undefined {
  const cell = cellOfText(column, text);
  const literal = cell === undefined ? undefined : keyLiteral(column, cell);
  if (literal === undefined) return undefined;
  const shown = fromByteText(text);
  const value: unknown = JSON.parse(shown);
  return { name: column.name, value, literal, shown };
}

/** Returns the cell, in byte text, for a value of the column's own kind. */
function cellOfText({ kind: of }: GenericColumn, text: string): string | undefined {
  if (of === "keyText") return text;
  const kind = kindOf(text);
  const content = contentOf(text, kind);
  switch (kind) {
    case "int32":
    case "int64":
      return /^(?:int|wideInt|double|decimal)/.test(of) ? content : undefined;
    case "double":
      return of === "double" && isPlainDouble(content) ? content : undefined;
    case "decimal":
      return of === "decimal" ? content : undefined;
    case "string":
      return of === "string" ? stringOf(content) : undefined;
    case "date":
      return of === "date" && isDateInReach(content) ? momentText(Number(content), 3) : undefined;
    case "boolean":
      return of === "boolean" ? (content === "true" ? "1" : "0") : undefined;
    case "objectId":
    case "binary":
    case "uuid":
    case "uuidLegacy":
      return of === kind ? content : undefined;
    case "null":
    case "nested":
    case "other":
      return undefined;
  }
}
