import type { TargetFacts } from "@firebreak/archive";
import { MAX_VARBINARY, type ColumnRule } from "./column-plan.ts";

/** Columns of a table that is in the target, by their names in lower case, as the server compares them. */
export type TargetColumns = ReadonlyMap<string, TargetFacts["shapes"][number]["columns"][number]>;
type TargetColumn = TargetColumns extends ReadonlyMap<string, infer C> ? C : never;

/** What the facts of a target say of a table's columns; none where it has no such table. */
export function targetColumns(facts: TargetFacts | undefined, table: string): TargetColumns {
  const name = table.toLowerCase();
  const shape = facts?.shapes.find(({ tables }) => tables.some((t) => t.toLowerCase() === name));
  return new Map(shape?.columns.map((column) => [column.name.toLowerCase(), column]));
}

/**
 * The rule of a column as it is in the target, where that takes all values of the
 * rule given: as long, of the same size, with as many digits before the point, or
 * with more; undefined where it is another column, or shorter.
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
  // A longer one would be planned as a BLOB, for which this one is too short.
  return type === "varbinary" && maxBytes <= MAX_VARBINARY
    ? { kind: "binary", maxBytes: Math.min(bytes, MAX_VARBINARY) }
    : undefined;
}
