import type { CellForm } from "@firebreak/items";
import type { Column } from "@firebreak/archive";

/** The rule that turns a field's values into a column's cells. A field has one rule. */
export type ColumnRule =
  /**
   * `valueBits` is present if Int32 values are in a larger column. They become Int32 again on the way back.
   */
  | { readonly kind: "integer"; readonly bits: 32 | 64; readonly valueBits?: 32 }
  | { readonly kind: "double" }
  | { readonly kind: "decimal"; readonly precision: number; readonly scale: number }
  | { readonly kind: "boolean" }
  | { readonly kind: "string"; readonly maxCharacters?: number; readonly maxBytes?: number }
  | { readonly kind: "date" }
  | { readonly kind: "objectId" }
  | { readonly kind: "binary"; readonly maxBytes: number }
  /** Binaries of 16 bytes, all of one subtype. */
  | { readonly kind: "uuid" | "uuidLegacy" }
  | { readonly kind: "nested" }
  /**
   * The `_id` as canonical Extended JSON text, for values of several kinds or values that fit no typed key.
   */
  | { readonly kind: "keyText" }
  | { readonly kind: "extra" };

export interface ColumnPlan {
  readonly name: string;
  readonly rule: ColumnRule;
}

/** The capacity in bytes of MySQL's TEXT and BLOB types (manual, 11.7). */
const FAMILY = [
  ["", 65_535],
  ["medium", 16_777_215],
  ["long", 4_294_967_295],
] as const;

export function sqlTypeOf(rule: ColumnRule): string {
  switch (rule.kind) {
    case "integer":
      return rule.bits === 32 ? "int" : "bigint";
    case "double":
      return "double";
    case "decimal":
      return `decimal(${rule.precision},${rule.scale})`;
    case "boolean":
      return "tinyint(1)";
    case "string":
      return rule.maxCharacters === undefined
        ? `${family(rule.maxBytes ?? 0)}text`
        : `varchar(${rule.maxCharacters})`;
    case "date":
      return "datetime(3)";
    case "objectId":
      return "char(24)";
    case "binary":
      return rule.maxBytes <= MAX_VARBINARY ? `varbinary(${rule.maxBytes})` : `${family(rule.maxBytes)}blob`;
    case "uuid":
    case "uuidLegacy":
      return "binary(16)";
    case "nested":
    case "extra":
      return "longtext";
    case "keyText":
      return `varchar(${MAX_VARCHAR})`;
  }
}

/**
 * The most characters of a VARCHAR; longer strings get a TEXT. InnoDB indexes at most 3,072 bytes, which is
 * 768 characters of four bytes.
 */
export const MAX_VARCHAR = 768;
export const MAX_VARBINARY = 3072;

export function formOf(rule: ColumnRule): CellForm {
  if (rule.kind === "double") return "double";
  return rule.kind === "binary" || rule.kind === "uuid" || rule.kind === "uuidLegacy" ? "binary" : "text";
}

export function toColumn({ name, rule }: ColumnPlan): Column {
  return { name, sqlType: sqlTypeOf(rule), form: formOf(rule) };
}

/** True if the column has a TEXT or BLOB type. A row holds only a pointer to such a value. */
export function isLob(rule: ColumnRule): boolean {
  return /text|blob/.test(sqlTypeOf(rule));
}

/**
 * Returns the most bytes of a value in a row of 65,535 bytes. TEXT and BLOB count with their pointer only.
 */
export function rowBytesOf(rule: ColumnRule): number {
  switch (rule.kind) {
    case "string":
      return rule.maxCharacters === undefined ? 12 : rule.maxCharacters * 4 + 2;
    case "keyText":
      return MAX_VARCHAR * 4 + 2;
    case "binary":
      return rule.maxBytes <= MAX_VARBINARY ? rule.maxBytes + 2 : 12;
    case "decimal":
      return Math.ceil(rule.precision / 2) + 2;
    case "objectId":
      return 24;
    case "uuid":
    case "uuidLegacy":
      return 16;
    case "integer":
    case "double":
    case "boolean":
    case "date":
      return 8;
    case "nested":
    case "extra":
      return 12;
  }
}

/**
 * Returns the most bytes that a value takes inside InnoDB's page. InnoDB never moves columns of at most 255
 * bytes out of the page, and moves longer ones when they pass 40 bytes (manual, 17.10; tried: MySQL creates a
 * table of 150 VARCHAR(50) and then refuses rows). A key stays whole.
 */
export function pageBytesOf(rule: ColumnRule, isKey: boolean): number {
  const bytes = rowBytesOf(rule);
  if (isKey) return bytes;
  const isMovable = bytes > 257 || isLob(rule);
  return isMovable ? 42 : bytes;
}

function family(maxBytes: number): string {
  return FAMILY.find(([, limit]) => maxBytes <= limit)![0];
}
