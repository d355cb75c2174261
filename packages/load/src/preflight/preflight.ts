import { about, type MysqlManifest } from "@firebreak/archive";
import {
  countRows,
  databaseExists,
  databaseNameProblem,
  directTables,
  LEDGER,
  missingPrivileges,
  rowSender,
  readLedger,
  serverFacts,
  tableFacts,
  targetFacts,
  type Application,
  type DirectState,
  type LedgerRow,
  type MysqlSession,
  type SendRows,
  type ServerFacts,
} from "@firebreak/mysql";
import { mayLackKey } from "../create-table.ts";
import { ledgerOfTable } from "../ledger-of-table.ts";
import { loadFault } from "../load-faults.ts";
import { planLoad, targetDatabases, type PlannedTable } from "../load-plan.ts";
import { diskFindings, serverDisk } from "./disk.ts";
import type { TargetFinding, TargetNote } from "./findings.ts";
import { decidedZones, givenFindings } from "./given-facts.ts";
import { packetFindings } from "./packets.ts";
import { pageFindings } from "./page-limits.ts";
import { collisions, serverFindings } from "./server.ts";
import { tableFindings, tableNotes, type FoundTable } from "./tables.ts";

/** What load does to tables it makes itself. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "INDEX"] as const;

/** And to tables of an application: only the ledger is made. */
const NEEDED_GIVEN = ["SELECT", "INSERT", "DELETE", "CREATE"] as const;

/** What INSERT takes of LOAD DATA's time (bench/without-local.ts). */
const INSERT_FACTOR = 3;

/** A target that may be loaded. */
export interface Preflight {
  readonly ledgers: ReadonlyMap<string, readonly LedgerRow[]>;
  /** How rows get in: by LOAD DATA LOCAL, or by INSERT where the server forbids it. */
  readonly send: SendRows;
  readonly notes: readonly TargetNote[];
}

/** For tables that are an application's own. */
export interface GivenOptions {
  /** Rows that are not ours may be there. */
  readonly isMerge?: boolean;
  /** What to ask the target's own rows. */
  readonly application?: Application | undefined;
}

/**
 * Looks at server, databases and tables before anything is written.
 *
 * @throws {FirebreakError} `load-refused` with all findings, or of mysql.
 */
export async function preflight(
  session: MysqlSession,
  manifest: MysqlManifest,
  options: GivenOptions = {},
): Promise<Preflight> {
  const facts = await serverFacts(session);
  const { findings, notes, send } = await inspectServer(session, manifest, facts);
  const ledgers = new Map<string, readonly LedgerRow[]>();
  const direct = new Map<string, ReadonlyMap<string, DirectState>>();
  // Of what cannot be there a server answers no questions.
  if (findings.some((f) => f.what === "database-unfit"))
    throw loadFault("load-refused", { server: session.target.server, findings });
  for (const database of targetDatabases(manifest, session.target.database))
    if (await databaseExists(session, database)) {
      ledgers.set(database, await readLedger(session, database));
      direct.set(database, await directTables(session, database));
      findings.push(...(await ledgerFindings(session, database)));
    }
  findings.push(...(await inspectGiven(session, manifest, options)));
  const planned = planLoad(manifest, session.target.database, ledgers);
  const ledgerOf = ledgerOfTable(ledgers);
  for (const plan of planned) {
    const { database, table } = plan;
    // Of an unfinished one nobody knows which rows are in: it is dropped, and loaded anew.
    const isUnfinished = direct.get(database)?.get(table.table) === "unfinished";
    const found = isUnfinished
      ? { table, facts: undefined, ledger: [], rowCount: 0 }
      : await about(`${database}.${table.table}`, () =>
          findTable(session, plan, ledgerOf(database, table.table)),
        );
    findings.push(...tableFindings(found, options.isMerge));
    notes.push(...tableNotes(found));
  }
  const disk = diskFindings(planned, await serverDisk(facts), facts.binlog);
  findings.push(...disk.findings);
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
  return { ledgers, send, notes: [...notes, ...disk.notes] };
}

/** Whether a target's own tables, and what their rows show, are what rows were made for. */
export async function inspectGiven(
  session: MysqlSession,
  manifest: MysqlManifest,
  { isMerge = false, application }: GivenOptions,
): Promise<TargetFinding[]> {
  const given = manifest.tables.filter((t) => t.isGiven === true);
  if (given.length === 0) return isMerge ? [{ what: "merge-needless" }] : [];
  const findings: TargetFinding[] = [];
  for (const database of targetDatabases({ tables: given }, session.target.database)) {
    if (!(await databaseExists(session, database))) continue;
    const tables = given.filter((t) => (session.target.database ?? t.database) === database);
    const found = await targetFacts(session, database, application, decidedZones(manifest));
    findings.push(...givenFindings({ ...manifest, tables }, found, application?.decidingColumns));
  }
  return findings;
}

/** What of the server and of the databases speaks against sending rows of these tables, and how they would be sent. */
export async function inspectServer(
  session: MysqlSession,
  manifest: Pick<MysqlManifest, "tables">,
  facts: ServerFacts,
): Promise<{ findings: TargetFinding[]; notes: TargetNote[]; send: SendRows }> {
  const { tables } = manifest;
  const { hasLocalInfile, maxAllowedPacket, replicaCount } = facts;
  const packets = packetFindings(tables, maxAllowedPacket, hasLocalInfile);
  const findings = [
    ...serverFindings(facts, tables, facts.requiresPrimaryKey && (await mayLackKey(session))),
    ...(await databaseFindings(session, manifest, facts.isMariadb)),
    ...packets.findings,
    ...pageFindings(tables, facts),
    ...collisions(tables, session.target.database, facts),
  ];
  const notes: TargetNote[] = [...packets.notes];
  if (!hasLocalInfile) notes.unshift({ code: "load-without-local", fields: { factor: INSERT_FACTOR } });
  if (replicaCount > 0) notes.push({ code: "load-replicas", fields: { count: replicaCount } });
  return { findings, notes, send: rowSender(facts) };
}

async function databaseFindings(
  session: MysqlSession,
  manifest: Pick<MysqlManifest, "tables">,
  isMariadb: boolean,
): Promise<TargetFinding[]> {
  const findings: TargetFinding[] = [];
  for (const database of targetDatabases(manifest, session.target.database)) {
    const why = databaseNameProblem(database, isMariadb);
    if (why !== undefined) findings.push({ what: "database-unfit", database, why });
    else if (!(await databaseExists(session, database)))
      findings.push({ what: "database-missing", database });
    else {
      const isGiven = manifest.tables.every((t) => t.isGiven === true);
      const missing = await missingPrivileges(session, database, isGiven ? NEEDED_GIVEN : NEEDED);
      if (missing.length > 0) findings.push({ what: "privileges", database, missing });
    }
  }
  return findings;
}

/** A ledger row that stays when its part is rolled back would claim rows that are not there. */
export async function ledgerFindings(session: MysqlSession, database: string): Promise<TargetFinding[]> {
  const facts = await tableFacts(session, database, LEDGER);
  return facts === undefined || facts.engine === "InnoDB"
    ? []
    : [{ what: "engine", table: LEDGER, engine: facts.engine }];
}

async function findTable(
  session: MysqlSession,
  { database, table }: PlannedTable,
  ledger: readonly LedgerRow[],
): Promise<FoundTable> {
  const facts = await tableFacts(session, database, table.table);
  return {
    table,
    facts,
    ledger,
    rowCount: facts?.isTable !== true ? 0 : await countRows(session, database, table.table),
  };
}
