import type { MysqlTable, RepairManifest } from "@firebreak/archive";
import { databaseExists, serverFacts } from "../../driver/server-facts.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import { loadTimes, type LoadTime } from "../ledger/ledger.ts";
import { tableFacts, type TableFacts } from "../../driver/table-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { SendRows } from "../sending/send-rows.ts";
import { loadFault, type Finding } from "../load-faults.ts";
import { targetDatabases } from "../load-plan.ts";
import { columnProblems } from "../preflight/columns.ts";
import type { ColumnProblem, TargetNote } from "../preflight/findings.ts";
import { inspectServer } from "../preflight/preflight.ts";

/** The state of a repair's tables in the target, if all may begin. */
export interface RepairableTables {
  /**
   * The rows that the parts of each table have in the ledger, and that the table must have before and after
   * the repair. A table with rows of others has no entry.
   */
  readonly rowCounts: ReadonlyMap<MysqlTable, number>;
  /** The tables that this repair has already repaired. */
  readonly repaired: ReadonlySet<MysqlTable>;
  /** Sends rows to the server. */
  readonly send: SendRows;
  readonly notes: readonly TargetNote[];
}

/**
 * Checks that the target fits the repair: each table is as the archive describes it, and the ledger has every
 * part of it and no other.
 *
 * @throws {FirebreakError} `load-refused` with all findings, or of mysql.
 */
export async function inspectRepair(
  session: MysqlSession,
  manifest: RepairManifest,
  manifestSha256: string,
): Promise<RepairableTables> {
  const tables = manifest.tables.map((t) => t.table);
  const server = await inspectServer(session, { tables }, await serverFacts(session));
  const findings: Finding[] = [...server.findings];
  const ledgers = new Map<string, readonly LoadTime[]>();
  for (const database of targetDatabases({ tables }, session.target.database))
    if (await databaseExists(session, database))
      ledgers.set(database, (await loadTimes(session, database)).times);
  const rowCounts = new Map<MysqlTable, number>();
  const repaired = new Set<MysqlTable>();
  const name = ledgerName({ kind: "repair", repair: manifestSha256 });
  for (const table of tables) {
    const database = session.target.database ?? table.database;
    const ofTable = ledgers.get(database)?.filter((r) => r.table === table.table);
    // The server check has already found that the database is missing.
    if (ofTable === undefined) continue;
    const parts = ofTable.filter((r) => r.subject.kind !== "repair");
    const finding = inspectLedger(table, parts) ?? (await inspectTable(session, database, table));
    if (finding !== undefined) findings.push(finding);
    if (parts.every((r) => r.presentCount === undefined))
      rowCounts.set(
        table,
        parts.reduce((sum, r) => sum + r.rowCount, 0),
      );
    if (ofTable.some((r) => ledgerName(r.subject) === name)) repaired.add(table);
  }
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
  return { rowCounts, repaired, send: server.send, notes: server.notes };
}

/**
 * Harmless differences: keys are compared by their bytes, and the server refuses a row that a column's
 * character set cannot hold.
 */
const OF_ANY: ReadonlySet<ColumnProblem["why"]> = new Set(["character-set", "key-collation"]);

/** An application's own table has more columns than the rows, and decides itself where it takes no NULL. */
const OF_GIVEN: ReadonlySet<ColumnProblem["why"]> = new Set([
  ...OF_ANY,
  "extra",
  "extra-generated",
  "not-null",
]);

/** Returns the differences of a table's columns from the archive's that are not harmless. */
export function harmfulProblems(table: MysqlTable, found: TableFacts): ColumnProblem[] {
  const passes = table.isGiven === true ? OF_GIVEN : OF_ANY;
  return columnProblems(table, found.columns).filter(({ why }) => !passes.has(why));
}

function inspectLedger(table: MysqlTable, all: readonly LoadTime[]): Finding | undefined {
  // A delta's deletes are not a part.
  const ledger = all.filter((r) => r.subject.kind !== "delta-table");
  const known = new Map(ledger.map((r) => [ledgerName(r.subject), r.plainSha256]));
  const expected = new Map(table.parts.map((p) => [p.file, p.plainSha256]));
  const foreign = ledger.find((r) => expected.get(ledgerName(r.subject)) !== r.plainSha256);
  if (foreign !== undefined)
    return { what: "repair-foreign", table: table.table, part: ledgerName(foreign.subject) };
  const missing = table.parts.filter((p) => !known.has(p.file)).length;
  return missing === 0
    ? undefined
    : { what: "repair-unloaded", table: table.table, missing, parts: table.parts.length };
}

async function inspectTable(
  session: MysqlSession,
  database: string,
  table: MysqlTable,
): Promise<Finding | undefined> {
  const facts = await tableFacts(session, database, table.table);
  if (facts === undefined) return { what: "repair-table-missing", table: table.table };
  // In other engines a repair that is cut off could not be rolled back.
  if (facts.engine.toLowerCase() !== "innodb")
    return { what: "repair-engine", table: table.table, engine: facts.engine };
  // A changed row is deleted and inserted again. Cascades would delete the rows that refer to it.
  if (facts.cascades.length > 0)
    return { what: "repair-cascades", table: table.table, names: facts.cascades };
  if (facts.triggers.length > 0) return { what: "triggers", table: table.table, names: facts.triggers };
  const problems = harmfulProblems(table, facts);
  return problems.length === 0 ? undefined : { what: "table-differs", table: table.table, problems };
}
