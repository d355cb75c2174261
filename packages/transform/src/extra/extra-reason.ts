import { decimalParts, integerDigitsOf, type ExtraReason, type Kind } from "@firebreak/archive";
import { foldName, isColumnName, type ColumnRule } from "@firebreak/mysql-format";
import { MAX_FIELDS } from "../tables/table-plan.ts";

/** Returns the reason why a column did not take a value. Pure: a value in `_extra` gives the same reason. */
export function unfitReason(rule: ColumnRule, kind: Kind, content: string): ExtraReason {
  if (kind === "null") return "null";
  const ofKind = `kind-${reasonKind(kind)}` as const;
  switch (rule.kind) {
    case "double":
      if (kind === "int64") return "too-precise";
      return kind === "double" ? notANumberReason(content) : ofKind;
    case "decimal":
      if (kind !== "int32" && kind !== "int64" && kind !== "decimal") return ofKind;
      return decimalReason(rule, content);
    case "string":
      return kind === "string" ? "too-long" : ofKind;
    case "binary":
      return kind === "binary" ? "too-long" : ofKind;
    case "date":
      return kind === "date" ? "date-out-of-range" : ofKind;
    case "integer":
    case "boolean":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "keyText":
    case "extra":
      return ofKind;
  }
}

/**
 * Returns the reason why a field has no column. Pure: the same field of the same table gives the same reason.
 *
 * @param folded the names of the table's columns, each folded by `foldName`.
 */
export function columnlessReason(name: string, kind: Kind, folded: ReadonlySet<string>): ExtraReason {
  if (kind === "null") return "null";
  if (!isColumnName(name)) return "name-unfit";
  if (folded.has(foldName(name))) return "name-twin";
  if (reasonKind(kind) === "other") return "kind-other";
  // The limit counts the key and `_extra` too.
  return folded.size >= MAX_FIELDS + 2 ? "too-many-fields" : "no-column";
}

/**
 * Counts UUIDs as `other`. UUIDs have no column in tables of chains that version 0.2.0 or older began, and
 * their counts must continue.
 */
function reasonKind(kind: Exclude<Kind, "null">): Exclude<Kind, "null" | "uuid" | "uuidLegacy"> {
  return kind === "uuid" || kind === "uuidLegacy" ? "other" : kind;
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
