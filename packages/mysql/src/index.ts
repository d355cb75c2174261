export { allowancesToWrite } from "./driver/allowances.ts";
export { MysqlSession, mysqlTarget, type MysqlTarget } from "./driver/connect.ts";
export { databaseNameProblem, type MysqlNameProblem } from "./driver/database-name.ts";
export { errnoOf, explainMysql, isRefusal, type Asked, type MysqlFaults } from "./driver/mysql-faults.ts";
export { privilegeFindings } from "./driver/privileges.ts";
export { databaseExists, serverFacts, tableName, type ServerFacts } from "./driver/server-facts.ts";
export { selectBytes, type SelectedKind, type SelectValue } from "./driver/select-bytes.ts";
export { SessionPool } from "./driver/session-pool.ts";
export { showCreate, type CreateRow } from "./driver/show-create.ts";
export { streamRows } from "./driver/stream-rows.ts";
export { tableFacts, type TableFacts } from "./driver/table-facts.ts";
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
export { rangeDigest } from "./stored/digest-sql.ts";
export { storedTable } from "./stored/stored-table.ts";
export { tableRanges, type TableRange } from "./stored/table-ranges.ts";
export type {
  Application,
  ApplicationFacts,
  ApplicationFinding,
  RowSample,
  SampledRow,
  SampledRows,
} from "./target/application/application.ts";
export { applicationIn, targetFacts } from "./target/application/target-facts.ts";
export { ledgerName, ledgerSubject } from "./target/ledger/ledger-name.ts";
export { createLedger, hasLedger, LEDGER } from "./target/ledger/ledger.ts";
export { deleteByKeys } from "./target/parts/delete-by-key.ts";
export { insertRows } from "./target/sending/insert-rows.ts";
export { loadData } from "./target/sending/load-data.ts";
export type { SendRows, SentCounts } from "./target/sending/send-rows.ts";
export { TargetLock } from "./target/target-lock.ts";
export type { MysqlReasons } from "./driver/mysql-reasons.ts";
export { logEnd, type LogPlace, type NoGrounds } from "./binlog/log-place.ts";
export { writesOfOthers, type WritesOfOthers } from "./binlog/writes-of-others.ts";
