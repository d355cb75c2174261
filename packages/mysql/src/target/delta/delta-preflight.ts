import { join } from "node:path";
import { exists, LOAD_QUARANTINE, type MysqlManifest } from "@firebreak/archive";
import { countRows, serverFacts } from "../../driver/server-facts.ts";
import { directTables } from "../ledger/direct-tables.ts";
import { ledgerName } from "../ledger/ledger-name.ts";
import { privilegeFindings } from "../../driver/privileges.ts";
import { factsOfTables, type TableFacts } from "../../driver/table-facts.ts";
import type { MysqlSession } from "../../driver/connect.ts";
import type { SendRows } from "../sending/send-rows.ts";
import { deltaFault, type Finding, loadFault } from "../load-faults.ts";
import { diskFindings, serverDisk } from "../preflight/disk.ts";
import type { ColumnProblem, TargetNote } from "../preflight/findings.ts";
import { type GivenOptions, inspectGiven, inspectServer, ledgerFindings } from "../preflight/preflight.ts";
import { harmfulProblems } from "../repair/repair-preflight.ts";
import type { DeltaTable } from "./delta-plan.ts";
import { makesRoomIn, pendingStatements } from "./pending-statements.ts";

/** A target that a delta may be applied to. */
export interface DeltaPreflight {
  readonly send: SendRows;
  readonly notes: readonly TargetNote[];
  readonly toAlter: readonly TableToAlter[];
}

/** A table in which statements must first make room. */
export interface TableToAlter {
  readonly plan: DeltaTable;
  readonly statements: readonly string[];
}

/**
 * Checks, before anything is written, that the tables of a delta are as the links before it left them.
 *
 * @param work the folder with the quarantine of loads.
 * @throws {FirebreakError} `load-refused` with all findings, `delta-quarantine-missing`, or of mysql.
 */
export async function inspectDelta(
  session: MysqlSession,
  manifest: MysqlManifest,
  planned: readonly DeltaTable[],
  work: string,
  given: Pick<GivenOptions, "application" | "hasOnlyOurs">,
): Promise<DeltaPreflight> {
  const todo = planned.filter((t) => !t.isNoted || t.way === "renewed");
  const tables = todo.map((t) => t.table);
  const facts = await serverFacts(session);
  const server = await inspectServer(session, { tables }, facts);
  const findings: Finding[] = [...server.findings];
  for (const database of new Set(todo.map((t) => t.database)))
    findings.push(
      ...(await ledgerFindings(session, database)),
      ...(await directFindings(session, database, todo)),
    );
  findings.push(...(await inspectGiven(session, { ...manifest, tables }, given)));
  const toAlter: TableToAlter[] = [];
  const dropped = new Set<string>();
  const factsOf = await factsOfTables(
    session,
    todo.map(({ database, table: { table } }) => ({ database, table })),
  );
  for (const plan of todo) {
    const found = factsOf(plan.database, plan.table.table);
    const own = isMade(plan) ? madeFindings(plan, found) : changedFindings(plan, found);
    findings.push(...own, ...(await rowFindings(session, plan, found)));
    const statements = own.length === 0 ? statementsToRun(plan, found) : [];
    if (statements.length > 0) toAlter.push({ plan, statements });
    if (isMade(plan) && !plan.isNoted && found !== undefined) dropped.add(plan.database);
  }
  const altered = new Set(toAlter.map((t) => t.plan.database));
  findings.push(...(await privilegeFindings(session, altered, ["ALTER"])));
  findings.push(...(await privilegeFindings(session, dropped, ["DROP"])));
  const parts = todo.map(({ table }) => ({ table, todo: table.parts }));
  const disk = diskFindings(parts, await serverDisk(facts), facts.binlog);
  findings.push(...disk.findings);
  if (findings.length > 0) throw loadFault("load-refused", { server: session.target.server, findings });
  await refuseLostQuarantine(todo, work);
  return { send: server.send, notes: [...server.notes, ...disk.notes], toAlter };
}

/** Finds tables in an engine that cannot roll back part of a delta, and that no other engine takes. */
async function directFindings(
  session: MysqlSession,
  database: string,
  todo: readonly DeltaTable[],
): Promise<Finding[]> {
  const direct = await directTables(session, database);
  return todo
    .filter((t) => t.database === database && t.way !== "dropped" && direct.has(t.table.table))
    .map(({ table }) => ({ what: "delta-direct", table: table.table, engine: table.own?.engine ?? "" }));
}

/** Returns true if the delta drops or creates the table itself. */
function isMade({ way }: DeltaTable): boolean {
  return way === "renewed" || way === "dropped";
}

/** Returns the delta's statements that are still to run; none if a run that was cut off ran them all. */
function statementsToRun({ table, way }: DeltaTable, found: TableFacts | undefined): string[] {
  if (way !== "changed" || found === undefined) return [];
  return pendingStatements(table, found, lackingRoom(table, found));
}

/** The problems that a delta's statements can solve. */
const ROOM: ReadonlySet<ColumnProblem["why"]> = new Set(["missing", "narrower", "other-type", "not-null"]);

/** Returns the columns that do not take all values of the delta. */
export function lackingRoom(table: DeltaTable["table"], found: TableFacts): ColumnProblem[] {
  return harmfulProblems(table, found).filter(({ why }) => ROOM.has(why));
}

function madeFindings({ table: { table } }: DeltaTable, found: TableFacts | undefined): Finding[] {
  if (found === undefined) return [];
  if (!found.isTable) return [{ what: "not-a-table", table, kind: found.engine }];
  return found.triggers.length > 0 ? [{ what: "triggers", table, names: found.triggers }] : [];
}

function changedFindings({ table: whole }: DeltaTable, found: TableFacts | undefined): Finding[] {
  const { table, own, alter = [] } = whole;
  if (whole.isGiven === true && alter.length > 0) return [{ what: "delta-given", table, statements: alter }];
  if (found === undefined) return whole.isGiven === true ? [] : [{ what: "delta-table-missing", table }];
  if (!found.isTable) return [{ what: "not-a-table", table, kind: found.engine }];
  // Other engines could not roll back a delta that is cut off. A MySQL table leaves its own engine meanwhile.
  const isOwnEngine = own?.createInEngine !== undefined && found.engine === own.engine;
  if (found.engine.toLowerCase() !== "innodb" && !isOwnEngine)
    return [{ what: "delta-engine", table, engine: found.engine }];
  const findings: Finding[] = [];
  // A changed row is deleted and inserted again, and cascades would delete the rows that refer to it. A MySQL
  // table's own constraints are suspended meanwhile.
  if (found.cascades.length > 0 && own === undefined)
    findings.push({ what: "delta-cascades", table, names: found.cascades });
  if (found.triggers.length > 0) findings.push({ what: "triggers", table, names: found.triggers });
  const problems = harmfulProblems(whole, found).filter(
    (p) => !ROOM.has(p.why) || !makesRoomIn(whole, p.column),
  );
  if (problems.length > 0) findings.push({ what: "table-differs", table, problems });
  return findings;
}

/** Finds tables that somebody has written to since the link before: the delta does not fit them. */
async function rowFindings(
  session: MysqlSession,
  { database, table: { table, isGiven }, ledger }: DeltaTable,
  found: TableFacts | undefined,
): Promise<Finding[]> {
  if (found?.isTable !== true || ledger.some((r) => r.presentCount !== undefined)) return [];
  const expected = ledger.reduce((sum, r) => sum + r.rowCount, 0);
  const rowCount = await countRows(session, database, table);
  if (rowCount === expected) return [];
  if (isGiven === true && rowCount > expected)
    return [{ what: "given-taken", table, rowCount: rowCount - expected }];
  return ledger.length === 0
    ? [{ what: "table-taken", table }]
    : [{ what: "delta-table-rows", table, ledger: expected, found: rowCount }];
}

/** Refuses a delta if it is unknown which rows were refused before: the delta may have their keys. */
async function refuseLostQuarantine(todo: readonly DeltaTable[], work: string): Promise<void> {
  for (const { way, ledger } of todo)
    for (const { table, subject, quarantinedCount: count, quarantine } of way === "changed" ? ledger : []) {
      const file = join(work, LOAD_QUARANTINE, quarantine?.file ?? "");
      if (count > 0 && (quarantine === undefined || !(await exists(file))))
        throw deltaFault("delta-quarantine-missing", { table, part: ledgerName(subject), count, file });
    }
}
