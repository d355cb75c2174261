import { quoteIdentifier, sha256Of } from "@firebreak/archive";
import {
  valueHashSql,
  valueLengthSql,
  valueSql,
  type StoredColumn,
  type StreamedCell,
} from "@firebreak/mysql";

/** Values up to this many bytes come whole; of longer ones their hash. */
export const SHORT_BYTES = 512;

/** A value of the target as a lookup gives it, by its canonical bytes. */
export interface FoundValue {
  readonly bytes: number;
  /** Undefined for a long one. */
  readonly whole: Buffer | undefined;
  /** Of a long one. */
  readonly sha256: string | undefined;
}

/** Cells that a lookup takes for one column. */
const CELLS = 4;

export function foundValueSql(column: StoredColumn): string[] {
  const isShort = `${valueLengthSql(column)} <= ${SHORT_BYTES}`;
  return [
    valueLengthSql(column),
    `IF(${isShort}, CONVERT(${valueSql(column)} USING binary), NULL)`,
    `IF(${isShort}, NULL, ${valueHashSql(column)})`,
    `${quoteIdentifier(column.name)} IS NULL`,
  ];
}

/** The values of `columnCount` columns from the cells of a lookup; undefined for NULL. */
export function foundValues(
  cells: readonly StreamedCell[],
  columnCount: number,
): readonly (FoundValue | undefined)[] {
  return Array.from({ length: columnCount }, (_, i) => {
    const [bytes, whole, sha256, isNull] = cells.slice(i * CELLS, (i + 1) * CELLS);
    if (Number(isNull) === 1) return undefined;
    return {
      bytes: Number(bytes),
      whole: whole === null ? undefined : (whole as Buffer),
      sha256: sha256 === null ? undefined : String(sha256),
    };
  });
}

/** Whether a value of the archive, undefined for NULL, is the one found. */
export function isSameValue(expected: Buffer | undefined, found: FoundValue | undefined): boolean {
  if (expected === undefined || found === undefined) return expected === found;
  if (expected.length !== found.bytes) return false;
  return found.whole === undefined ? sha256Of(expected) === found.sha256 : expected.equals(found.whole);
}
