import { doubleText, toByteText, type Column, type ColumnFacts } from "@firebreak/archive";
import { momentText, ownColumn } from "@firebreak/mysql-format";
import { TEXT_MARK, type RowEncoding } from "@firebreak/items";
import { isForeign, type FieldValue } from "../documents/field-value.ts";
import type { RowPlan } from "../rows/row-plan.ts";

/** The row length from which each value is hashed by itself: a packet limit could make the hash NULL. */
const LONG_ROW_BYTES = 4 << 20;

/** Returns the columns of a plan in the form of the manifest. */
export function manifestColumns({ columns }: RowPlan): Column[] {
  return columns.map(({ facts }) =>
    ownColumn({
      name: facts.name,
      sqlType: sqlTypeOf(facts),
      dataType: facts.type,
      ...(facts.characterSet === undefined ? {} : { characterSet: facts.characterSet }),
      isNullable: facts.isNullable,
      isGenerated: false,
      comment: "",
    }),
  );
}

export function rowEncodingOf({ columns }: RowPlan): RowEncoding {
  const bytes = columns.reduce((sum, { facts }) => sum + largestBytes(facts), 0);
  return bytes > LONG_ROW_BYTES ? "value-hashes" : "values";
}

function sqlTypeOf({ type, characters, bytes, isUnsigned }: ColumnFacts): string {
  if (type === "varchar") return `varchar(${characters ?? 0})`;
  if (type === "varbinary") return `varbinary(${bytes ?? 0})`;
  return isUnsigned ? `${type} unsigned` : type;
}

/** Returns the approximate maximum size of a value. A TEXT or BLOB without a known size has no limit. */
function largestBytes({ type, characters, bytes }: ColumnFacts): number {
  if (characters !== undefined) return characters * 4;
  return bytes ?? (/text|blob/.test(type) && !type.startsWith("tiny") ? Infinity : 255);
}

/**
 * Returns the CSV cell for a value that fits its column, in byte text. Undefined if it cannot be written
 * exactly: a time with a fraction of a second.
 */
export function cellOf({ form }: Pick<Column, "form">, value: FieldValue): string | null | undefined {
  if (value === null) return null;
  if (typeof value === "bigint") return String(value);
  if (typeof value === "string") return `${form === "mixed" ? TEXT_MARK : ""}${toByteText(value)}`;
  if (typeof value === "number") return doubleText(value);
  if (typeof value === "boolean" || isForeign(value)) return undefined;
  if (value instanceof Date) return momentText(value.getTime(), 0);
  return Buffer.from(value.buffer, value.byteOffset, value.length).toString("base64");
}
