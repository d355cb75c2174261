import { fromByteText, stringOf, type Kind } from "@firebreak/archive";

/** A value of a kind that no column of the server's message tables takes. */
export interface ForeignValue {
  readonly foreignKind: string;
}

/**
 * A value of a document or a row, independent of any driver's types.
 *
 * bigint: Int32, Int64 and MySQL's integers · number: Double · Uint8Array: Binary of subtype 0, BLOB · Date:
 * an instant, or for a DATETIME its wall clock as if it were UTC's · undefined: the field or column is
 * missing, which differs from null.
 */
export type FieldValue = bigint | number | string | boolean | Uint8Array | Date | ForeignValue | null;

/** Returns the value of a field of a line, from its kind and its content in byte text. */
export function fieldValueOf(kind: Kind, content: string): FieldValue {
  switch (kind) {
    case "null":
      return null;
    case "int32":
    case "int64":
      return BigInt(content);
    case "double":
      return Number(content);
    case "boolean":
      return content === "true";
    case "string":
      return fromByteText(stringOf(content));
    case "binary":
      return Buffer.from(content, "base64");
    case "date": {
      const date = new Date(Number(content));
      return Number.isNaN(date.getTime()) ? { foreignKind: "date" } : date;
    }
    case "decimal":
    case "objectId":
    case "nested":
    case "other":
      return { foreignKind: kind };
    case "uuid":
    case "uuidLegacy":
      return { foreignKind: "other" };
  }
}

/**
 * Returns the integer in a value: Int32, Int64, or a Double that is exactly an integer (drivers of languages
 * without integers write those). Digits in a string do not count, because no server wrote integers that way.
 */
export function integerOf(value: FieldValue | undefined): bigint | undefined {
  if (typeof value === "bigint") return value;
  return typeof value === "number" && Number.isSafeInteger(value) ? BigInt(value) : undefined;
}

export function isForeign(value: FieldValue | undefined): value is ForeignValue {
  return typeof value === "object" && value !== null && "foreignKind" in value;
}
