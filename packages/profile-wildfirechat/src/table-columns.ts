import {
  doubleText,
  momentText,
  ownColumn,
  TEXT_MARK,
  toByteText,
  type Column,
  type ColumnFacts,
  type RowEncoding,
} from "@firebreak/archive";
import { isForeign, type FieldValue } from "./field-value.ts";
import type { RowPlan } from "./row-plan.ts";

/** From this length of a row on, its values are hashed each alone, so that no server's packet limit can null the hash. */
const LONG_ROW_BYTES = 4 << 20;

/** The columns of a plan as the manifest has them. */
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

/** What a value takes at most, about; a TEXT or BLOB whose size is not known can be of any. */
function largestBytes({ type, characters, bytes }: ColumnFacts): number {
  if (characters !== undefined) return characters * 4;
  return bytes ?? (/text|blob/.test(type) && !type.startsWith("tiny") ? Infinity : 255);
}

/**
 * The CSV cell of a value that its column holds, in byte text; undefined where
 * it cannot be written exactly: a time with a fraction of a second.
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
