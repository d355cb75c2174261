export { settleAutoIncrement, type UnsetCounter } from "./auto-increment.ts";
export { allowancesToRead, allowancesToWrite, type Allowances } from "./allowances.ts";
export type { Application, RowSample, SampledRow, SampledRows } from "./application/application.ts";
export { FLYWAY_HISTORY, flywayVersion } from "./application/flyway-version.ts";
export { targetFacts } from "./application/target-facts.ts";
export {
  addLink,
  chainOf,
  deltaEntryOf,
  deltaPart,
  forgetTable,
  readLinks,
  type ChainPlace,
  type LinkEntry,
} from "./chain-entries.ts";
export { mysqlTarget, MysqlSession, type MysqlTarget } from "./connect.ts";
export {
  bucketDigests,
  bucketSql,
  keyHashSql,
  rangeDigest,
  rowHashSql,
  type ServerDigest,
} from "./digest-sql.ts";
export { keySql } from "./key-sql.ts";
export { isIndexed, tableRanges, type TableRange } from "./table-ranges.ts";
export { valueHashSql, valueLengthSql, valueSql, type StoredColumn } from "./value-sql.ts";
export {
  addToLedger,
  changeLedger,
  createLedger,
  LEDGER,
  ledgerRowOf,
  readLedger,
  readTableLedger,
  type LedgerRow,
} from "./ledger.ts";
export { insertRows } from "./insert-rows.ts";
export { loadData } from "./load-data.ts";
export { explainMysql, isRefusal, mysqlFault, type Asked, type MysqlFaults } from "./mysql-faults.ts";
export {
  countRows,
  databaseExists,
  indexNames,
  serverFacts,
  tableName,
  type ServerFacts,
} from "./server-facts.ts";
export { directTables, noteDirect, type DirectState } from "./direct-tables.ts";
export { deleteByKeys } from "./delete-by-key.ts";
export { loadConnection, loadTimes, type LoadTime } from "./load-times.ts";
export { repairPart } from "./repair-part.ts";
export { SessionPool } from "./session-pool.ts";
export { showCreate, type CreateRow } from "./show-create.ts";
export { storedTable } from "./stored-table.ts";
export { rowHashesByKey, rowsByKey } from "./rows-by-key.ts";
export { streamRows, type StreamedCell } from "./stream-rows.ts";
export { rowSender } from "./row-sender.ts";
export type { RowTarget, SendRows, SentCounts } from "./send-rows.ts";
export { missingPrivileges } from "./privileges.ts";
export { tableFacts, type ColumnFacts, type IndexFacts, type TableFacts } from "./table-facts.ts";
export { lockName, TargetLock } from "./target-lock.ts";
export { openReader, openSnapshot } from "./source/open-reader.ts";
export { RowReader } from "./source/row-reader.ts";
export { keyBorders, type KeyBorders } from "./source/key-borders.ts";
export { hasRows, sourceDigest } from "./source/source-digest.ts";
export { rangeSql, rowRanges, type RowRange } from "./source/row-ranges.ts";
export { rowSelect, type RowSelect } from "./source/row-select.ts";
export { SourceLock } from "./source/source-lock.ts";
export { sourcePosition, type SourcePosition } from "./source/source-position.ts";
export { hasLibraries } from "./source/unseen-objects.ts";
export { sourceSchema, type FoundTable, type SourceSchema } from "./source/source-schema.ts";
export { databaseNameProblem, type MysqlNameProblem } from "./database-name.ts";
