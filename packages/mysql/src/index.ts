export { allowancesToRead, allowancesToWrite, type Allowances } from "./driver/allowances.ts";
export { MysqlSession, mysqlTarget, type MysqlTarget } from "./driver/connect.ts";
export { databaseNameProblem, type MysqlNameProblem } from "./driver/database-name.ts";
export { explainMysql, isRefusal, mysqlFault, type Asked, type MysqlFaults } from "./driver/mysql-faults.ts";
export { missingPrivileges } from "./driver/privileges.ts";
export {
  countRows,
  databaseExists,
  indexNames,
  serverFacts,
  tableName,
  type ServerFacts,
} from "./driver/server-facts.ts";
export { SessionPool } from "./driver/session-pool.ts";
export { showCreate, type CreateRow } from "./driver/show-create.ts";
export { streamRows, type StreamedCell } from "./driver/stream-rows.ts";
export { tableFacts, type ColumnFacts, type IndexFacts, type TableFacts } from "./driver/table-facts.ts";
export { keyBorders, type KeyBorders } from "./source/key-borders.ts";
export { openReader, openSnapshot } from "./source/open-reader.ts";
export { rangeSql, rowRanges, type RowRange } from "./source/row-ranges.ts";
export { RowReader } from "./source/row-reader.ts";
export { rowSelect, type RowSelect } from "./source/row-select.ts";
export { hasRows, sourceDigest } from "./source/source-digest.ts";
export { SourceLock } from "./source/source-lock.ts";
export { sourcePosition, type SourcePosition } from "./source/source-position.ts";
export { sourceSchema, type FoundTable, type SourceSchema } from "./source/source-schema.ts";
export { hasLibraries } from "./source/unseen-objects.ts";
export {
  bucketDigests,
  bucketSql,
  keyHashSql,
  rangeDigest,
  rowHashSql,
  type ServerDigest,
} from "./stored/digest-sql.ts";
export { rowHashesByKey, rowsByKey } from "./stored/rows-by-key.ts";
export { storedTable } from "./stored/stored-table.ts";
export { isIndexed, tableRanges, type TableRange } from "./stored/table-ranges.ts";
export type {
  Application,
  ApplicationFacts,
  ApplicationFinding,
  RowSample,
  SampledRow,
  SampledRows,
} from "./target/application/application.ts";
export { applicationIn, targetFacts } from "./target/application/target-facts.ts";
export { settleAutoIncrement, type UnsetCounter } from "./target/auto-increment.ts";
export { forgetTable, knownChain, noteLink, readLinks } from "./target/chain-entries.ts";
export { deleteByKeys } from "./target/delete-by-key.ts";
export { directTables, noteDirect, type DirectState } from "./target/direct-tables.ts";
export {
  addToLedger,
  changeLedger,
  createLedger,
  LEDGER,
  ledgerRowOf,
  readLedger,
  readTableLedger,
  type LedgerRow,
} from "./target/ledger.ts";
export { loadConnection, loadTimes, type LoadTime } from "./target/load-times.ts";
export { isOfChain, ledgerName, ledgerSubject, partName } from "./target/ledger-name.ts";
export { insertRows } from "./target/sending/insert-rows.ts";
export { loadData } from "./target/sending/load-data.ts";
export { rowSender } from "./target/sending/row-sender.ts";
export type { RowTarget, SendRows, SentCounts } from "./target/sending/send-rows.ts";
export { lockName, TargetLock } from "./target/target-lock.ts";
export type { MysqlReasons } from "./driver/mysql-reasons.ts";
