import { decimalParts, integerDigitsOf, type ExtraReason, type Kind } from "@firebreak/archive";
import { foldName, isColumnName } from "./column-names.ts";
import type { ColumnRule } from "./column-plan.ts";
import { MAX_FIELDS } from "./table-plan.ts";

/** Tells why a column did not take a value. Pure: asked again of what is in `_extra`, it gives the same answer. */
export function unfitReason(rule: ColumnRule, kind: Kind, content: string): ExtraReason {
  if (kind === "null") return "null";
  switch (rule.kind) {
    case "double":
      if (kind === "int64") return "too-precise";
      return kind === "double" ? notANumberReason(content) : `kind-${kind}`;
    case "decimal":
      if (kind !== "int32" && kind !== "int64" && kind !== "decimal") return `kind-${kind}`;
      return decimalReason(rule, content);
    case "string":
      return kind === "string" ? "too-long" : `kind-${kind}`;
    case "binary":
      return kind === "binary" ? "too-long" : `kind-${kind}`;
    case "date":
      return kind === "date" ? "date-out-of-range" : `kind-${kind}`;
    case "integer":
    case "boolean":
    case "objectId":
    case "nested":
    case "keyText":
    case "extra":
      return `kind-${kind}`;
  }
}

/**
 * Tells why a field has no column. Pure: the same field of the same table, the same reason.
 *
 * @param folded the names of the table's columns, each as `foldName` makes it.
 */
export function columnlessReason(name: string, kind: Kind, folded: ReadonlySet<string>): ExtraReason {
  if (kind === "null") return "null";
  if (!isColumnName(name)) return "name-unfit";
  if (folded.has(foldName(name))) return "name-twin";
  if (kind === "other") return "kind-other";
  // The key and `_extra` are columns too.
  return folded.size >= MAX_FIELDS + 2 ? "too-many-fields" : "no-column";
}

function decimalReason(rule: { precision: number; scale: number }, content: string): ExtraReason {
  const parts = decimalParts(content);
  if (parts === undefined) return "not-finite";
  if (integerDigitsOf(parts) > rule.precision - rule.scale) return "too-large";
  return parts.isNegative && parts.digits === "" ? "negative-zero" : "too-precise";
}

function notANumberReason(content: string): ExtraReason {
  return content === "-0.0" ? "negative-zero" : "not-finite";
}
