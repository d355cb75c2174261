import {
  quoteIdentifier,
  valueHashSql,
  valueLengthSql,
  valueSql,
  type StoredColumn,
} from "@firebreak/mysql-format";
import { sha256Of } from "@firebreak/archive";
import { bytesOfCell, type StreamedCell } from "../../driver/stream-rows.ts";

/** The most bytes of a value that is fetched whole. Of longer ones, only the hash is fetched. */
export const SHORT_BYTES = 512;

/** A value of the target in a lookup, by its canonical bytes. */
export interface FoundValue {
  readonly bytes: number;
  /** The bytes of a short value, undefined for a long one. */
  readonly whole: Buffer | undefined;
  /** The hash of a long value, undefined for a short one. */
  readonly sha256: string | undefined;
}

/** The number of cells that a lookup selects for one column. */
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

/** Reads the values of `columnCount` columns from the cells of a lookup. NULL becomes undefined. */
export function foundValues(
  cells: readonly StreamedCell[],
  columnCount: number,
): readonly (FoundValue | undefined)[] {
  return Array.from({ length: columnCount }, (_, i) => {
    const [bytes, whole, sha256, isNull] = cells.slice(i * CELLS, (i + 1) * CELLS);
    if (Number(isNull) === 1) return undefined;
    return {
      bytes: Number(bytes),
      whole: bytesOfCell(whole) ?? undefined,
      sha256: sha256 === null ? undefined : String(sha256),
    };
  });
}

/** True if a value of the archive (undefined for NULL) equals the found one. */
export function isSameValue(expected: Buffer | undefined, found: FoundValue | undefined): boolean {
  if (expected === undefined || found === undefined) return expected === found;
  if (expected.length !== found.bytes) return false;
  return found.whole === undefined ? sha256Of(expected) === found.sha256 : expected.equals(found.whole);
}
