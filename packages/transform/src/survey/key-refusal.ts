import type { Kind } from "@firebreak/archive";
import type { ColumnRule } from "@firebreak/mysql-format";

/**
 * The reason why an `_id` does not fit its table's key column. The column was made for the keys of the full
 * archive, and the keys of a delta come later.
 */
export type KeyRefusal = "key-too-long" | "key-other-type" | "key-out-of-range";

/** Returns the reason why a key column has no cell for a value of this kind. */
export function keyRefusal(rule: ColumnRule, kind: Kind): KeyRefusal {
  switch (rule.kind) {
    case "keyText":
    case "nested":
    case "extra":
      return "key-too-long";
    case "string":
    case "binary":
      return kind === rule.kind ? "key-too-long" : "key-other-type";
    case "integer":
      return outOfRangeIf(kind, "int32", "int64");
    case "double":
      return outOfRangeIf(kind, "int32", "int64", "double");
    case "decimal":
      return outOfRangeIf(kind, "int32", "int64", "decimal");
    case "boolean":
    case "date":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
      return outOfRangeIf(kind, rule.kind);
  }
}

/** Returns the reason for a kind: a value of a kind that the column holds can only be out of its range. */
function outOfRangeIf(kind: Kind, ...kinds: readonly Kind[]): KeyRefusal {
  return kinds.includes(kind) ? "key-out-of-range" : "key-other-type";
}
