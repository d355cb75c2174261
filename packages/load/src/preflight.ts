import type { MysqlManifest } from "@firebreak/archive";
import {
  countRows,
  databaseExists,
  missingPrivileges,
  serverFacts,
  tableFacts,
  type LedgerRow,
  type MysqlSession,
  type ServerFacts,
} from "@firebreak/mysql";
import type { Finding } from "./load-faults.ts";
import { targetDatabases, type PlannedTable } from "./load-plan.ts";

/** What load does to tables it makes itself. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "INDEX"] as const;

/** Looks at the server before anything is written; all findings at once. */
export async function inspectServer(session: MysqlSession, manifest: MysqlManifest): Promise<Finding[]> {
  const facts = await serverFacts(session);
  const findings: Finding[] = [];
  if (isTooOld(facts)) findings.push({ what: "server-old", version: facts.version });
  if (!facts.hasLocalInfile) findings.push({ what: "local-infile-off" });
  if (facts.isReadOnly) findings.push({ what: "read-only" });
  for (const database of targetDatabases(manifest, session.target.database)) {
    if (!(await databaseExists(session, database))) findings.push({ what: "database-missing", database });
    else {
      const missing = await missingPrivileges(session, database, NEEDED);
      if (missing.length > 0) findings.push({ what: "privileges", database, missing });
    }
  }
  for (const table of manifest.tables) {
    // FROM_BASE64 takes the value as text, a third longer, and gives NULL above the limit.
    const needed = Math.ceil(table.largestValueBytes / 3) * 4 + 1024;
    const hasBinary = table.columns.some((c) => c.form === "binary");
    const row = table.rowEncoding === "values" ? table.largestRowBytes : 0;
    const largest = Math.max(hasBinary ? needed : table.largestValueBytes, row);
    if (largest > facts.maxAllowedPacket)
      findings.push({
        what: "packet-small",
        table: table.table,
        needed: largest,
        limit: facts.maxAllowedPacket,
      });
  }
  return [...findings, ...collisions(manifest, session.target.database, facts.lowerCaseTableNames > 0)];
}

/** Looks at the tables that are there already: free, ours, or in the way. */
export async function inspectTables(
  session: MysqlSession,
  planned: readonly PlannedTable[],
  ledgers: ReadonlyMap<string, readonly LedgerRow[]>,
): Promise<Finding[]> {
  const findings: Finding[] = [];
  for (const { database, table } of planned) {
    const ledger = (ledgers.get(database) ?? []).filter((r) => r.table === table.table);
    const foreign = ledger.find(
      (r) => table.parts.find((p) => p.file === r.part)?.plainSha256 !== r.plainSha256,
    );
    if (foreign !== undefined) {
      findings.push({ what: "ledger-foreign", table: table.table, part: foreign.part });
      continue;
    }
    const facts = await tableFacts(session, database, table.table);
    const ledgerRows = ledger.reduce((sum, r) => sum + r.rowCount, 0);
    if (facts === undefined) {
      if (ledger.length > 0)
        findings.push({ what: "ledger-rows", table: table.table, ledger: ledgerRows, found: 0 });
      continue;
    }
    const expected = table.columns.map((c) => `${c.name} ${c.sqlType}`).join(", ");
    const found = facts.columns.map((c) => `${c.name} ${c.type}`).join(", ");
    const rows = facts.engine === "view" ? 1 : await countRows(session, database, table.table);
    if (ledger.length === 0 && rows > 0) findings.push({ what: "table-taken", table: table.table });
    else if (expected !== found)
      findings.push({ what: "table-differs", table: table.table, expected, found });
    else if (rows !== ledgerRows)
      findings.push({ what: "ledger-rows", table: table.table, ledger: ledgerRows, found: rows });
  }
  return findings;
}

/** utf8mb4_0900_bin came with MySQL 8.0.17; MariaDB is tried from 10.6 on. */
function isTooOld({ isMariadb, major, minor, patch }: ServerFacts): boolean {
  if (isMariadb) return major < 10 || (major === 10 && minor < 6);
  return major < 8 || (major === 8 && minor === 0 && patch < 17);
}

/** Collections of several databases that would share a table. */
function collisions(
  manifest: MysqlManifest,
  targetDatabase: string | undefined,
  ignoresCase: boolean,
): Finding[] {
  const byName = new Map<string, string[]>();
  for (const { table, database, namespace } of manifest.tables) {
    const name = ignoresCase ? table.toLowerCase() : table;
    const key = JSON.stringify([targetDatabase ?? database, name]);
    byName.set(key, [...(byName.get(key) ?? []), namespace]);
  }
  return [...byName].flatMap(([key, namespaces]): Finding[] => {
    const [, table] = JSON.parse(key) as [string, string];
    return namespaces.length > 1 ? [{ what: "tables-collide", table, namespaces }] : [];
  });
}
