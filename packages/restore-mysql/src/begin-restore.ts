import { quoteIdentifier } from "@firebreak/mysql-format";
import { type Account, readSourceManifest, type TableSelection } from "@firebreak/archive";
import { refuseDelta } from "@firebreak/items";
import { verifyArchive } from "@firebreak/verify";
import {
  databaseExists,
  databaseNameProblem,
  MysqlSession,
  mysqlTarget,
  privilegeFindings,
  serverFacts,
  tableName,
  TargetLock,
} from "@firebreak/mysql";
import { createObject } from "./create-object.ts";
import { mapStatement } from "./collation-map.ts";
import { foreignFindings } from "./foreign-features.ts";
import { renameDatabase } from "./renames.ts";
import { clearLedger, restoreIn, writeMark } from "./restore-mark.ts";
import { type MysqlRestoreFinding, restoreMysqlFault } from "./restore-mysql-faults.ts";
import type { RestoreMysqlEvent } from "./restore-mysql-notes.ts";
import { planRestore, type RestorePlan, type RestoreSettings, serverUrl } from "./restore-plan.ts";
import { dropObject, objectsInTheWay, type TargetObject } from "./target-objects.ts";

export interface BeginRestoreOptions extends RestoreSettings {
  readonly url: string;
  /** The folder that transform wrote. It is verified too, if transform has run. */
  readonly folder: string;
  readonly jobs: number;
  /** True if objects in the way may be dropped. */
  readonly isDropping: boolean;
  /** True to look at everything and write nothing. */
  readonly isDryRun: boolean;
  /** Asks before anything is dropped. If the answer is no, the restore writes nothing. */
  readonly confirmDrop: (names: readonly string[]) => Promise<boolean>;
}

/** A target that is ready for rows. */
export interface BegunRestore {
  /** The tables of this restore, for a load and a checksum, with the databases that they go to. */
  readonly select: TableSelection;
  /** The databases that the restore created. */
  readonly made: readonly string[];
}

/** The privileges that a load needs for tables that it creates. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "INDEX"] as const;

/** The server's own databases. */
const RESERVED: ReadonlySet<string> = new Set(["mysql", "sys", "information_schema", "performance_schema"]);

/**
 * Prepares a target for the rows of a MySQL archive. It first verifies the archive and inspects the
 * target. Then it drops what is in the way, if that is allowed, creates databases and sequences,
 * and notes in the ledger of each database that this restore is at work. A second run does what is
 * left.
 *
 * @throws {FirebreakError} any code of restore-mysql, mysql or archive.
 */
export async function* beginRestore(
  options: BeginRestoreOptions,
): AsyncGenerator<RestoreMysqlEvent, BegunRestore> {
  const { archive, folder: mysqlFolder, jobs, identities } = options;
  for await (const event of verifyArchive({ archive, mysqlFolder, depth: "files", jobs, identities }))
    if (event.kind === "progress") yield event;
  const { manifest, sha256 } = await readSourceManifest(archive, identities);
  refuseDelta(manifest, archive);
  const target = mysqlTarget(options.url);
  const plan = await planRestore(options, manifest, sha256, target.database);
  // The URL's database may not exist yet.
  const server = mysqlTarget(serverUrl(options.url));
  const databases = plan.databases.map((d) => d.database);
  await using lock = options.isDryRun ? undefined : await TargetLock.take(server, databases);
  await using session = await MysqlSession.open(server);
  const { inTheWay, begun } = await inspect(session, plan, options.isDropping);
  const names = inTheWay.map(({ database, name }) => `${database}.${name}`);
  for (const [from, places] of plan.mappedUses) {
    const fields = { from, to: plan.collationMap.get(from)!, places };
    yield { kind: "note", code: "collation-mapped", fields };
  }
  if (options.isDryRun) {
    if (names.length > 0) yield { kind: "note", code: "restore-would-drop", fields: { namespaces: names } };
    yield { kind: "account", accounts: accountsOf(plan) };
    return { select: selectionOf(plan), made: [] };
  }
  if (names.length > 0 && !(await options.confirmDrop(names)))
    throw restoreMysqlFault("mysql-restore-declined", { server: target.server });
  if (begun.size > 0) yield { kind: "note", code: "mysql-restore-resumed", fields: {} };
  const made = await prepare(session, plan, inTheWay, begun);
  lock?.assertHeld();
  return { select: selectionOf(plan), made };
}

/** Returns the part of each account that the archive knows. */
function accountsOf({ tables, views }: RestorePlan): Account[] {
  return [...tables, ...views].map(({ source, database, name }) => ({
    namespace: source.namespace,
    ...(source.database === database ? {} : { target: `${database}.${name}` }),
    documents: source.documentCount,
    lines: source.lineCount,
  }));
}

function selectionOf({ isWanted, databaseOf, collationMap }: RestorePlan): TableSelection {
  return (table) => {
    if (!isWanted(table.namespace)) return undefined;
    const database = databaseOf(table.database);
    const renamed = (statement: string): string =>
      mapStatement(renameDatabase(statement, table.database, database), collationMap);
    const { own } = table;
    const createInEngine = own?.createInEngine;
    return {
      ...table,
      database,
      createTable: renamed(table.createTable),
      ...(own === undefined || createInEngine === undefined
        ? {}
        : { own: { ...own, createInEngine: renamed(createInEngine) } }),
    };
  };
}

/**
 * Inspects the target, and lists what is in the way.
 *
 * @throws {FirebreakError} `mysql-restore-refused` with all findings.
 */
async function inspect(
  session: MysqlSession,
  plan: RestorePlan,
  isDropping: boolean,
): Promise<{ inTheWay: readonly TargetObject[]; begun: ReadonlySet<string> }> {
  const { server } = session.target;
  const { isMariadb, readOnlyBy, lowerCaseTableNames } = await serverFacts(session);
  const unfit = plan.databases.flatMap(({ database }): MysqlRestoreFinding[] => {
    const why = databaseNameProblem(database, isMariadb);
    return why === undefined ? [] : [{ what: "database-unfit", database, why }];
  });
  // A server answers no queries about such names.
  if (unfit.length > 0) throw restoreMysqlFault("mysql-restore-refused", { server, findings: unfit });
  const findings: MysqlRestoreFinding[] = [...collisions(plan, lowerCaseTableNames > 0)];
  if (readOnlyBy.length > 0) findings.push({ what: "read-only", settings: readOnlyBy });
  // Preflight of the load would find the same, but only after objects are dropped.
  const filled = new Set(plan.tables.map((t) => t.database));
  findings.push(
    ...(await foreignFindings(session, plan)),
    ...(await privilegeFindings(session, filled, NEEDED)),
  );
  const begun = new Set<string>();
  for (const { database } of plan.databases) {
    if (RESERVED.has(database.toLowerCase())) findings.push({ what: "reserved", database });
    const restore = await restoreIn(session, database, plan.identity);
    if (restore?.isThis === false && !isDropping) findings.push({ what: "other-restore", database });
    // A restore that reached its end is continued, unless objects may be dropped: then it is done anew.
    if (restore?.isThis === true && !(restore.isEnded && isDropping)) begun.add(database);
  }
  // Objects in a database where this restore is at work are its own.
  const inTheWay = (await objectsInTheWay(session, plan)).filter((o) => !begun.has(o.database));
  if (!isDropping)
    for (const { kind, database, name } of inTheWay)
      findings.push({ what: "taken", kind, name: `${database}.${name}` });
  if (findings.length > 0) throw restoreMysqlFault("mysql-restore-refused", { server, findings });
  return { inTheWay, begun };
}

/** @param foldsCase true if the server takes names that differ only in case for the same. */
function collisions({ tables, views, databases }: RestorePlan, foldsCase: boolean): MysqlRestoreFinding[] {
  const named = [
    ...[...tables, ...views].map((t) => ({ name: `${t.database}.${t.name}`, source: t.source.namespace })),
    ...databases.flatMap(({ source, database, objects }) =>
      [...(objects?.procedures ?? []), ...(objects?.functions ?? [])].map((o) => ({
        name: `${database}.${o.name}()`,
        source: `${source}.${o.name}()`,
      })),
    ),
  ];
  const keyOf = (name: string): string => (foldsCase ? name.toLowerCase() : name);
  return [...Map.groupBy(named, (n) => keyOf(n.name))].flatMap(([name, group]): MysqlRestoreFinding[] => {
    const sources = [...new Set(group.map((g) => g.source))];
    return sources.length < 2 ? [] : [{ what: "collide", name, sources }];
  });
}

/** @returns the databases that it created. */
async function prepare(
  session: MysqlSession,
  plan: RestorePlan,
  inTheWay: readonly TargetObject[],
  begun: ReadonlySet<string>,
): Promise<string[]> {
  await session.allow({ oddDates: false, enumZeros: false, brokenForeignKeys: true });
  // Views go before what they are made of, and before a table of their name is created.
  for (const object of inTheWay) await dropObject(session, object);
  const made: string[] = [];
  for (const { source, database, objects } of plan.databases) {
    if (!(await databaseExists(session, database))) {
      await session.run(createDatabaseStatement(database, objects?.createStatement, source));
      made.push(database);
    }
    const tables = plan.tables.filter((t) => t.database === database).map((t) => t.name);
    if (!begun.has(database)) await clearLedger(session, database, tables);
    await writeMark(session, database, plan.identity);
    for (const { name, createStatement, next } of objects?.sequences ?? []) {
      await session.run(`DROP SEQUENCE IF EXISTS ${tableName(database, name)}`);
      await createObject(session, database, renameDatabase(createStatement, source, database));
      await session.run(`DO SETVAL(${tableName(database, name)}, ${BigInt(next)}, 0)`);
    }
  }
  return made;
}

/** Returns the source's statement under the target's name, for its character set and collation. */
function createDatabaseStatement(
  database: string,
  createStatement: string | undefined,
  source: string,
): string {
  const head = `CREATE DATABASE ${quoteIdentifier(source)}`;
  const options = createStatement?.startsWith(head) === true ? createStatement.slice(head.length) : "";
  return `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}${options}`;
}
