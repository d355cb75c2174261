export {
  CSV_DIALECT,
  csvRow,
  csvRowPieces,
  loadDataStatement,
  putCsvRow,
  quoteIdentifier,
  quoteText,
} from "./csv/csv-dialect.ts";
export { csvCells, csvRows, readCsv, readCsvBlocks } from "./csv/read-csv.ts";
export { parsePartEntry, readRefusedRows, type RefusedRow, writeRefusedRows } from "./csv/refused-rows.ts";
export { RowReader } from "./csv/row-items.ts";
export {
  collectionComment,
  collectionOfComment,
  columnComment,
  type CommentKind,
  kindOfComment,
} from "./ddl/column-comments.ts";
export { columnNames, EXTRA_COLUMN, foldName, isColumnName } from "./ddl/column-names.ts";
export {
  type ColumnPlan,
  type ColumnRule,
  formOf,
  isLob,
  MAX_VARBINARY,
  MAX_VARCHAR,
  pageBytesOf,
  rowBytesOf,
  sqlTypeOf,
  toColumn,
} from "./ddl/column-rule.ts";
export { columnLine, createTableStatement, TEXT_COLLATIONS } from "./ddl/create-table.ts";
export { loadedTable } from "./ddl/loaded-table.ts";
export { boundType } from "./ranges/bound-type.ts";
export { boundColumns, namesBytes, RowRanges, VALUE_BYTES } from "./ranges/row-ranges.ts";
export { equalSql, keyLiteral, keySql, sameSql } from "./sql/key-literal.ts";
export { rowLiteral } from "./sql/row-literal.ts";
export { backAgainSql, type StoredColumn, valueHashSql, valueLengthSql, valueSql } from "./sql/value-sql.ts";
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
export { type LineForm, lineFormOf } from "./values/line-form.ts";
export { membersOf, needsNumbers } from "./values/members.ts";
export { momentText } from "./values/moment-text.ts";
export { ownColumn, withoutWidth } from "./values/own-column.ts";
export { type LineColumn, RowLineWriter } from "./values/row-line-writer.ts";
export { rowOrder } from "./values/row-order.ts";
export { sqlFamily, type SqlFamily } from "./values/sql-family.ts";
export { type ServerCell, UnsayableCharacters } from "./values/write-cell.ts";
