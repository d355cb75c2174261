import {
  base64Length,
  BYTES_MARK,
  canonicalBytes,
  type CellForm,
  identifyingColumns,
} from "@firebreak/items";
import { doubleText, fromByteText, sha256Of, type MysqlTable } from "@firebreak/archive";
import type {
  ReportedColumn,
  ReportedDifference,
  ReportedPiece,
  ReportedSource,
  ReportedValue,
  ValueSize,
} from "@firebreak/target";
import type { ChangedColumn, RowDifference } from "./row-difference.ts";

/** The bytes that are shown of a longer value. */
const SHOWN_BYTES = 512;

/** Returns a difference for people and programs, with the document that its row was made of. */
export function reportedDifference(
  table: MysqlTable,
  difference: RowDifference,
  source: ReportedSource | undefined,
): ReportedDifference {
  return {
    table: table.table,
    kind: difference.kind,
    key: identifyingColumns(table).map(({ form }, i) => reportedValue(difference.key[i]!, form)),
    ...(difference.kind === "extra" ? { count: difference.count } : {}),
    columns: difference.kind === "changed" ? difference.columns.map((c) => reportedColumn(table, c)) : [],
    ...(source === undefined ? {} : { source }),
  };
}

function reportedColumn(table: MysqlTable, { name, expected, found, cut }: ChangedColumn): ReportedColumn {
  const { sqlType: type, form } = table.columns.find((c) => c.name === name)!;
  const size = (of: ValueSize | undefined): (ValueSize & { from: number }) | undefined =>
    of === undefined ? undefined : { ...of, from: cut!.from };
  return {
    name,
    type,
    expected: reportedValue(expected, form, size(cut?.expected)),
    found: reportedValue(found, form, size(cut?.found)),
  };
}

/** @param piece the size, hash and offset of the whole value, if the cell is only a piece of it. */
export function reportedValue(
  cell: string | null,
  form: CellForm,
  piece?: ValueSize & { readonly from: number },
): ReportedValue {
  if (cell === null || (piece === undefined && isShort(cell, form))) return cellText(cell, form);
  return piece === undefined ? beginning(cell, form) : { ...piece, piece: cellText(cell, form)! };
}

function isShort(cell: string, form: CellForm): boolean {
  return form === "double" || (form === "binary" ? base64Length(cell) : cell.length) <= SHOWN_BYTES;
}

function beginning(cell: string, form: CellForm): ReportedPiece {
  const bytes = canonicalBytes(cell, form);
  const piece = bytes.subarray(0, SHOWN_BYTES);
  return {
    bytes: bytes.length,
    sha256: sha256Of(bytes),
    from: 0,
    piece: form === "binary" ? `0x${piece.toString("hex")}` : piece.toString("utf8").replace(/\uFFFD+$/, ""),
  };
}

function cellText(cell: string | null, form: CellForm): string | null {
  if (cell === null) return null;
  switch (form) {
    case "text":
    case "member":
      return fromByteText(cell);
    case "binary":
      return `0x${Buffer.from(cell, "base64").toString("hex")}`;
    case "double":
      return doubleText(Number(cell));
    case "mixed":
      return cell.startsWith(BYTES_MARK)
        ? `0x${Buffer.from(cell.slice(1), "base64").toString("hex")}`
        : fromByteText(cell.slice(1));
  }
}
