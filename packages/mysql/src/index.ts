export { mysqlTarget, MysqlSession, type MysqlTarget } from "./connect.ts";
export {
  bucketDigests,
  bucketSql,
  rangeDigest,
  rowHashSql,
  tableRanges,
  valueHashSql,
  type ServerDigest,
  type TableRange,
} from "./digest-sql.ts";
export { addToLedger, createLedger, LEDGER, readLedger, type LedgerRow } from "./ledger.ts";
export { loadData, type LoadCounts } from "./load-data.ts";
export { explainMysql, mysqlFault, type MysqlFaults } from "./mysql-faults.ts";
export {
  countRows,
  databaseExists,
  indexNames,
  missingPrivileges,
  serverFacts,
  tableFacts,
  tableName,
  type ServerFacts,
  type TableFacts,
} from "./server-facts.ts";
export { SessionPool } from "./session-pool.ts";
