import {
  quoteIdentifier,
  readSourceManifest,
  refuseDelta,
  type Account,
  type StepEvent,
  type TableSelection,
} from "@firebreak/archive";
import { verifyArchive } from "@firebreak/verify";
import {
  databaseExists,
  databaseNameProblem,
  missingPrivileges,
  MysqlSession,
  mysqlTarget,
  serverFacts,
  tableName,
  TargetLock,
} from "@firebreak/mysql";
import { createObject } from "./create-object.ts";
import { mapStatement } from "./collation-map.ts";
import { foreignFindings } from "./foreign-features.ts";
import { renameDatabase } from "./renames.ts";
import { clearLedger, restoreIn, writeMark } from "./restore-mark.ts";
import { restoreMysqlFault, type MysqlRestoreFinding } from "./restore-mysql-faults.ts";
import { planRestore, type RestorePlan, type RestoreSettings } from "./restore-plan.ts";
import { serverUrl } from "./server-url.ts";
import { dropObject, objectsInTheWay, type TargetObject } from "./target-objects.ts";

export interface BeginRestoreOptions extends RestoreSettings {
  readonly url: string;
  /** Where transform wrote; proved too where it has. */
  readonly folder: string;
  readonly jobs: number;
  /** Whether what is in the way may be dropped. */
  readonly isDropping: boolean;
  /** Look at everything, write nothing. */
  readonly isDryRun: boolean;
  /** Asked before anything is dropped; a restore that may not drop writes nothing. */
  readonly confirmDrop: (names: readonly string[]) => Promise<boolean>;
}

/** A target that is ready for rows. */
export interface BegunRestore {
  /** Which tables a load and a checksum of this restore are about, and in which databases they are. */
  readonly select: TableSelection;
  /** The databases that were not there before. */
  readonly made: readonly string[];
}

/** What a load does to tables that it makes. */
const NEEDED = ["SELECT", "INSERT", "DELETE", "CREATE", "INDEX"] as const;

/** The server's own. */
const RESERVED: ReadonlySet<string> = new Set(["mysql", "sys", "information_schema", "performance_schema"]);

/**
 * Makes a target ready for the rows of an archive of MySQL: what is in the way
 * is dropped, if that is allowed, databases and sequences are created, and the
 * ledger of each database notes that this restore is at work. Before that the
 * archive is proved and the target looked at. Run again, it does what is left.
 *
 * @throws {FirebreakError} of restore-mysql, mysql or archive.
 */
export async function* beginRestore(options: BeginRestoreOptions): AsyncGenerator<StepEvent, BegunRestore> {
  const { archive, folder: mysqlFolder, jobs, identities } = options;
  for await (const event of verifyArchive({ archive, mysqlFolder, depth: "files", jobs, identities }))
    if (event.kind === "progress") yield event;
  const { manifest, sha256 } = await readSourceManifest(archive, identities);
  refuseDelta(manifest, archive);
  const target = mysqlTarget(options.url);
  const plan = await planRestore(options, manifest, sha256, target.database);
  // The URL's database may be missing still.
  const server = mysqlTarget(serverUrl(options.url));
  const session = await MysqlSession.open(server);
  let lock: TargetLock | undefined;
  try {
    if (!options.isDryRun)
      lock = await TargetLock.take(
        server,
        plan.databases.map((d) => d.database),
      );
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
  } finally {
    await session.close();
    await lock?.release();
  }
}

/** The part of an account that the archive knows. */
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

/** @throws {FirebreakError} `mysql-restore-refused` with all findings. */
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
  // A server answers no questions about such names.
  if (unfit.length > 0) throw restoreMysqlFault("mysql-restore-refused", { server, findings: unfit });
  const findings: MysqlRestoreFinding[] = [...collisions(plan, lowerCaseTableNames > 0)];
  if (readOnlyBy.length > 0) findings.push({ what: "read-only", settings: readOnlyBy });
  findings.push(...(await foreignFindings(session, plan)), ...(await privilegeFindings(session, plan)));
  const begun = new Set<string>();
  for (const { database } of plan.databases) {
    if (RESERVED.has(database.toLowerCase())) findings.push({ what: "reserved", database });
    const restore = await restoreIn(session, database, plan.identity);
    if (restore?.isThis === false && !isDropping) findings.push({ what: "other-restore", database });
    // One that went to its end is gone on with, unless it is to be done anew.
    if (restore?.isThis === true && !(restore.isEnded && isDropping)) begun.add(database);
  }
  // What is in a database where this restore is at work is its own.
  const inTheWay = (await objectsInTheWay(session, plan)).filter((o) => !begun.has(o.database));
  if (!isDropping)
    for (const { kind, database, name } of inTheWay)
      findings.push({ what: "taken", kind, name: `${database}.${name}` });
  if (findings.length > 0) throw restoreMysqlFault("mysql-restore-refused", { server, findings });
  return { inTheWay, begun };
}

/** What the load of the tables asks for, too: here before anything is dropped or made. */
async function privilegeFindings(
  session: MysqlSession,
  { tables }: RestorePlan,
): Promise<MysqlRestoreFinding[]> {
  const findings: MysqlRestoreFinding[] = [];
  for (const database of new Set(tables.map((t) => t.database))) {
    const missing = await missingPrivileges(session, database, NEEDED);
    if (missing.length > 0) findings.push({ what: "privileges", database, missing });
  }
  return findings;
}

/** @param foldsCase whether the server takes names that differ in capitals for one. */
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

/** @returns the databases that it made. */
async function prepare(
  session: MysqlSession,
  plan: RestorePlan,
  inTheWay: readonly TargetObject[],
  begun: ReadonlySet<string>,
): Promise<string[]> {
  await session.allow({ oddDates: false, enumZeros: false, brokenForeignKeys: true });
  // Views go before what they are made of, and before a table of their name comes.
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

/** As the source shows it, by the name that it is to have; its character set and collation are what counts. */
function createDatabaseStatement(
  database: string,
  createStatement: string | undefined,
  source: string,
): string {
  const head = `CREATE DATABASE ${quoteIdentifier(source)}`;
  const options = createStatement?.startsWith(head) === true ? createStatement.slice(head.length) : "";
  return `CREATE DATABASE IF NOT EXISTS ${quoteIdentifier(database)}${options}`;
}
