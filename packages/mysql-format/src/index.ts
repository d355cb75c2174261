export {
  CSV_DIALECT,
  csvRow,
  csvRowPieces,
  loadDataStatement,
  putCsvRow,
  quoteIdentifier,
  quoteText,
} from "./csv/csv-dialect.ts";
export { csvRows } from "./csv/csv-rows.ts";
export { csvCells, readCsv, readCsvBlocks } from "./csv/read-csv.ts";
export { parsePartEntry, readRefusedRows, writeRefusedRows, type RefusedRow } from "./csv/refused-rows.ts";
export { RowReader } from "./csv/row-items.ts";
export {
  collectionComment,
  collectionOfComment,
  columnComment,
  kindOfComment,
  type CommentKind,
} from "./ddl/column-comments.ts";
export { columnNames, EXTRA_COLUMN, foldName, isColumnName } from "./ddl/column-names.ts";
export {
  formOf,
  isLob,
  MAX_VARBINARY,
  MAX_VARCHAR,
  pageBytesOf,
  rowBytesOf,
  sqlTypeOf,
  toColumn,
  type ColumnPlan,
  type ColumnRule,
} from "./ddl/column-rule.ts";
export { columnLine, createTableStatement } from "./ddl/create-table.ts";
export { loadedTable } from "./ddl/loaded-table.ts";
export { backAgainSql } from "./sql/back-again-sql.ts";
export { equalSql, keyLiteral, sameSql } from "./sql/key-literal.ts";
export { keySql } from "./sql/key-sql.ts";
export { rowLiteral } from "./sql/row-literal.ts";
export { valueHashSql, valueLengthSql, valueSql, type StoredColumn } from "./sql/value-sql.ts";
export { boundType } from "./ranges/bound-type.ts";
export { namesBytes, VALUE_BYTES } from "./ranges/line-bytes.ts";
export { boundColumns, RowRanges } from "./ranges/row-ranges.ts";
export { cellOfLine } from "./values/cell-of-line.ts";
export {
  capacityOf,
  cellOf,
  characterCount,
  isDateInReach,
  isExactAsDouble,
  isPlainDouble,
} from "./values/column-cell.ts";
export { indexColumns } from "./values/index-columns.ts";
export { jsonDecimals } from "./values/json-decimals.ts";
export { lineFormOf, type LineForm } from "./values/line-form.ts";
export { membersOf, needsNumbers } from "./values/members.ts";
export { momentText } from "./values/moment-text.ts";
export { ownColumn, withoutWidth } from "./values/own-column.ts";
export { RowLineWriter, type LineColumn } from "./values/row-line-writer.ts";
export { rowOrder } from "./values/row-order.ts";
export { sqlFamily, type SqlFamily } from "./values/sql-family.ts";
export { UnsayableCharacters, type ServerCell } from "./values/unsayable-characters.ts";
