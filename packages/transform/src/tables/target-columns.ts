import type { TargetFacts } from "@firebreak/archive";
import { MAX_VARBINARY, type ColumnRule } from "@firebreak/mysql-format";

/** The columns of a table in the target, by name in lower case, as the server compares names. */
export type TargetColumns = ReadonlyMap<string, TargetFacts["shapes"][number]["columns"][number]>;
type TargetColumn = TargetColumns extends ReadonlyMap<string, infer C> ? C : never;

/** Returns the columns of a table in the target, or none if the target has no such table. */
export function targetColumns(facts: TargetFacts | undefined, table: string): TargetColumns {
  const name = table.toLowerCase();
  const shape = facts?.shapes.find(({ tables }) => tables.some((t) => t.toLowerCase() === name));
  return new Map(shape?.columns.map((column) => [column.name.toLowerCase(), column]));
}

/**
 * Returns the rule of the target's column if it takes all values of the given rule: it has at least the same
 * length, size or digits before the point. Returns undefined if the column is of another type or shorter.
 */
export function ruleInTarget(rule: ColumnRule, column: TargetColumn | undefined): ColumnRule | undefined {
  if (column === undefined || column.isUnsigned) return undefined;
  switch (rule.kind) {
    case "integer":
      return integerInTarget(rule, column);
    case "decimal": {
      const { type, precision = 0, scale = 0 } = column;
      const isFit = type === "decimal" && scale === rule.scale && precision >= rule.precision;
      return isFit ? { ...rule, precision } : undefined;
    }
    case "string":
      return textInTarget(rule, column);
    case "binary":
      return binaryInTarget(rule, column);
    case "double":
    case "boolean":
    case "date":
    case "objectId":
    case "uuid":
    case "uuidLegacy":
    case "nested":
    case "keyText":
    case "extra":
      return undefined;
  }
}

function integerInTarget(
  rule: Extract<ColumnRule, { kind: "integer" }>,
  { type }: TargetColumn,
): ColumnRule | undefined {
  if (type === "int") return rule.bits === 32 ? rule : undefined;
  if (type !== "bigint") return undefined;
  return rule.bits === 64 ? rule : { kind: "integer", bits: 64, valueBits: 32 };
}

function textInTarget(
  { maxCharacters, maxBytes = 0 }: Extract<ColumnRule, { kind: "string" }>,
  { type, characters = 0, bytes = 0, characterSet = "utf8mb4" }: TargetColumn,
): ColumnRule | undefined {
  if (characterSet !== "utf8mb4") return undefined;
  if (type === "varchar")
    return maxCharacters !== undefined && characters >= maxCharacters
      ? { kind: "string", maxCharacters: characters }
      : undefined;
  if (!/^(medium|long|)text$/.test(type)) return undefined;
  const needed = maxCharacters === undefined ? maxBytes : 4 * maxCharacters;
  return bytes >= needed ? { kind: "string", maxBytes: bytes } : undefined;
}

function binaryInTarget(
  { maxBytes }: Extract<ColumnRule, { kind: "binary" }>,
  { type, bytes = 0 }: TargetColumn,
): ColumnRule | undefined {
  if (bytes < maxBytes) return undefined;
  if (/^(medium|long|)blob$/.test(type)) return { kind: "binary", maxBytes: bytes };
  // A rule with more bytes would be planned as a BLOB, and this column is too short for one.
  return type === "varbinary" && maxBytes <= MAX_VARBINARY
    ? { kind: "binary", maxBytes: Math.min(bytes, MAX_VARBINARY) }
    : undefined;
}
