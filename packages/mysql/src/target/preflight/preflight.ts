import { about, type MysqlManifest } from "@firebreak/archive";
import { countRows, databaseExists, serverFacts, type ServerFacts } from "../../driver/server-facts.ts";
import { databaseNameProblem } from "../../driver/database-name.ts";
import { type DirectState, directTables } from "../ledger/direct-tables.ts";
import { LEDGER, ledgerOfTable, type LedgerRow, type Ledgers, readLedger } from "../ledger/ledger.ts";
import { privilegeFindings } from "../../driver/privileges.ts";
import { collisions, rowSender, serverFindings } from "./server.ts";
import { factsOfTables, tableFacts } from "../../driver/table-facts.ts";
import { targetFacts } from "../application/target-facts.ts";
import type { Application } from "../application/application.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { SendRows } from "../sending/send-rows.ts";
import { mayLackKey } from "../tables/create-table.ts";
import { type Finding, loadFault } from "../load-faults.ts";
import { planLoad, targetDatabases } from "../load-plan.ts";
import { diskFindings, serverDisk } from "./disk.ts";
import type { TargetFinding, TargetNote } from "./findings.ts";
import { givenFindings } from "./given-facts.ts";
import { packetFindings } from "./packets.ts";
import { pageFindings } from "./page-limits.ts";
import { tableFindings, tableNotes } from "./tables.ts";

/** The privileges that a load needs for tables that it creates. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "INDEX"] as const;

/** The privileges for an application's own tables: only the ledger is created. */
const NEEDED_GIVEN = ["SELECT", "INSERT", "DELETE", "CREATE"] as const;

/** The time of INSERT as a multiple of LOAD DATA's (bench/without-local.ts). */
const INSERT_FACTOR = 3;

/** A target that may be loaded. */
export interface Preflight {
  readonly ledgers: Ledgers;
  /** Sends rows by LOAD DATA LOCAL, or by INSERT if the server forbids that. */
  readonly send: SendRows;
  readonly notes: readonly TargetNote[];
}

/** The options for an application's own tables. */
export interface GivenOptions {
  /** True if rows of others may be in the tables. */
  readonly isMerge?: boolean;
  /** True if only our own rows are in the tables, which show nothing about the application's settings. */
  readonly hasOnlyOurs?: boolean;
  /** The application of the manifest's profile. */
  readonly application?: Application | undefined;
}

/**
 * Checks server, databases and tables before anything is written.
 *
 * @throws {FirebreakError} `load-refused` with all findings, or of mysql.
 */
export async function preflight(
  session: MysqlSession,
  manifest: MysqlManifest,
  options: GivenOptions = {},
): Promise<Preflight> {
  const facts = await serverFacts(session);
  const { findings: ofServer, notes, send } = await inspectServer(session, manifest, facts);
  const findings: Finding[] = [...ofServer];
  const ledgers = new Map<string, readonly LedgerRow[]>();
  const direct = new Map<string, ReadonlyMap<string, DirectState>>();
  // The server answers no questions about a database that cannot exist.
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
  const factsOf = await factsOfTables(
    session,
    planned.map(({ database, table: { table } }) => ({ database, table })),
  );
  for (const { database, table } of planned) {
    // Nobody knows which rows of an unfinished table are in: it is dropped, and loaded again.
    const isUnfinished = direct.get(database)?.get(table.table) === "unfinished";
    const facts = isUnfinished ? undefined : factsOf(database, table.table);
    const rowCount =
      facts?.isTable !== true
        ? 0
        : await about(`${database}.${table.table}`, () => countRows(session, database, table.table));
    const ledger = isUnfinished ? [] : ledgerOf(database, table.table);
    const found = { table, facts, ledger, rowCount };
    findings.push(...tableFindings(found, options.isMerge));
    notes.push(...tableNotes(found));
  }
  const disk = diskFindings(planned, await serverDisk(facts), facts.binlog);
  findings.push(...disk.findings);
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
  return { ledgers, send, notes: [...notes, ...disk.notes] };
}

/** Compares a target's own tables, and the evidence in their rows, with those that the rows were made for. */
export async function inspectGiven(
  session: MysqlSession,
  manifest: MysqlManifest,
  { isMerge = false, hasOnlyOurs = false, application }: GivenOptions,
): Promise<Finding[]> {
  const given = manifest.tables.filter((t) => t.isGiven === true);
  if (given.length === 0) return isMerge ? [{ what: "merge-needless" }] : [];
  if (application === undefined) return [{ what: "application-unknown", profile: manifest.profile }];
  const findings: Finding[] = [];
  for (const database of targetDatabases({ tables: given }, session.target.database)) {
    if (!(await databaseExists(session, database))) continue;
    const tables = given.filter((t) => (session.target.database ?? t.database) === database);
    const found = await targetFacts(session, database, application, manifest.profileFacts, !hasOnlyOurs);
    findings.push(...givenFindings({ ...manifest, tables }, found, application));
  }
  return findings;
}

/**
 * Returns the reasons in the server and its databases against sending these rows, and the way to send them.
 */
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
      const needed = isGiven ? NEEDED_GIVEN : NEEDED;
      findings.push(...(await privilegeFindings(session, [database], needed)));
    }
  }
  return findings;
}

/**
 * Requires InnoDB for the ledger: a ledger row that survives a rollback would claim rows that are not there.
 */
export async function ledgerFindings(session: MysqlSession, database: string): Promise<TargetFinding[]> {
  const facts = await tableFacts(session, database, LEDGER);
  return facts === undefined || facts.engine === "InnoDB"
    ? []
    : [{ what: "engine", table: LEDGER, engine: facts.engine }];
}
