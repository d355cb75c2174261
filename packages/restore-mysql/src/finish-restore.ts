import {
  notCarried,
  type NotCarried,
  readSourceManifest,
  type SourceDatabase,
  type StoredObject,
} from "@firebreak/archive";
import { MysqlSession, mysqlTarget, TargetLock } from "@firebreak/mysql";
import { definitionDifferences } from "./definition-differences.ts";
import {
  makeEvents,
  makeRoutines,
  makeTriggers,
  makeViews,
  ObjectMaker,
  setCollation,
} from "./make-objects.ts";
import { clearLedger, collationBefore, collationNow, writeMark } from "./restore-mark.ts";
import {
  type PlannedTable,
  planRestore,
  type RestorePlan,
  type RestoreSettings,
  serverUrl,
} from "./restore-plan.ts";
import type { RestoreMysqlEvent } from "./restore-mysql-notes.ts";

export interface FinishRestoreOptions extends RestoreSettings {
  readonly url: string;
  /** True if rows wait in quarantine. The ledger then stays, since it lists them. */
  readonly hasQuarantine: boolean;
  /** Namespaces of tables whose rows differ from the archive's. Objects that would change these rows wait. */
  readonly unequal: readonly string[];
}

/** A table or view of the archive. `isEqual` means that the target has all of it by the same statements. */
export interface RestoredDefinition {
  readonly namespace: string;
  readonly target: string;
  readonly kind: "table" | "view";
  readonly isEqual: boolean;
  /** The collations of the archive that are replaced by others. */
  readonly notCarried: readonly NotCarried[];
}

/**
 * Finishes a restore when all rows are in and compared. It creates routines, views in an order that
 * works, triggers, and last the events, since from then on the server changes rows by itself. Then
 * it compares every statement with the archive's. If all are equal, it removes the ledger, so that
 * the target is like the backup. If something differs, the ledger stays, and the restore can be
 * continued or done anew. A second run does all of it again.
 *
 * @throws {FirebreakError} any code of mysql or archive. A statement that the server refuses is no
 * error: it is reported, and what is returned is unequal.
 */
export async function* finishRestore(
  options: FinishRestoreOptions,
): AsyncGenerator<RestoreMysqlEvent, RestoredDefinition[]> {
  const { manifest, sha256 } = await readSourceManifest(options.archive, options.identities);
  const target = mysqlTarget(options.url);
  const whole = await planRestore(options, manifest, sha256, target.database);
  const { plan, names: waiting } = withoutWaiting(whole, options.unequal);
  const server = mysqlTarget(serverUrl(options.url));
  const databases = plan.databases.map((d) => d.database);
  await using lock = await TargetLock.take(server, databases);
  await using session = await MysqlSession.open(server);
  const maker = new ObjectMaker(session);
  const collations = await collationsOf(session, plan);
  try {
    await makeRoutines(maker, plan);
    await makeViews(maker, plan);
    await makeTriggers(maker, plan);
    await makeEvents(maker, plan);
  } catch (error) {
    // If this fails as well, the first error is the one to report.
    await setCollations(session, collations).catch(() => undefined);
    throw error;
  }
  await setCollations(session, collations);
  lock.assertHeld();
  yield* maker.notes;
  const differences = await definitionDifferences(session, plan);
  for (const difference of differences)
    yield { kind: "note", code: "statement-differs", fields: { ...difference } };
  if (options.unequal.length > 0)
    yield { kind: "note", code: "rows-unequal", fields: { tables: options.unequal, waiting } };
  const isWhole = differences.length === 0 && !options.hasQuarantine && options.unequal.length === 0;
  for (const { database } of plan.databases)
    if (isWhole) await clearLedger(session, database, tablesIn(plan, database));
    else await writeMark(session, database, plan.identity, true);
  return definitionsOf(
    plan,
    differences.map((d) => d.name),
  );
}

function tablesIn({ tables }: RestorePlan, database: string): string[] {
  return tables.filter((t) => t.database === database).map((t) => t.name);
}

/** Returns all tables and views. A differing object of no table makes its whole database unequal. */
function definitionsOf(plan: RestorePlan, differing: readonly string[]): RestoredDefinition[] {
  const differs = new Set(differing);
  const ofTables = new Set(
    [...plan.tables, ...plan.views].flatMap((p) => [
      `${p.database}.${p.name}`,
      ...p.definition.triggers.map((t) => `${p.database}.${t.name}`),
    ]),
  );
  const unequalDatabases = new Set(
    plan.databases
      .filter(({ database }) => differing.some((n) => n.startsWith(`${database}.`) && !ofTables.has(n)))
      .map((d) => d.database),
  );
  const define = ({ source, database, name, definition }: PlannedTable): RestoredDefinition => ({
    namespace: source.namespace,
    target: `${database}.${name}`,
    kind: source.kind === "view" ? "view" : "table",
    isEqual:
      !unequalDatabases.has(database) &&
      !differs.has(`${database}.${name}`) &&
      !definition.triggers.some((t) => differs.has(`${database}.${t.name}`)),
    notCarried: mappedOf(plan, source.namespace),
  });
  return [...plan.tables, ...plan.views].map(define);
}

/** Lists the collations that the map replaced in a table and its triggers, or in a view. */
function mappedOf({ mappedUses, collationMap }: RestorePlan, namespace: string): NotCarried[] {
  const isOf = (place: string): boolean =>
    place === namespace || place.startsWith(`${namespace}.`) || place.endsWith(` of ${namespace}`);
  return [...mappedUses]
    .filter(([, places]) => places.some(isOf))
    .map(([from]) => notCarried("option", `collation ${from}`, "collation-mapped", collationMap.get(from)));
}

/** Returns the collation that each database must have again at the end. */
async function collationsOf(
  session: MysqlSession,
  { databases, identity }: RestorePlan,
): Promise<Map<string, string>> {
  const collations = new Map<string, string>();
  for (const { database } of databases)
    collations.set(
      database,
      (await collationBefore(session, database, identity)) ?? (await collationNow(session, database)),
    );
  return collations;
}

async function setCollations(session: MysqlSession, collations: ReadonlyMap<string, string>): Promise<void> {
  for (const [database, collation] of collations) await setCollation(session, database, collation);
}

/** The objects of a restore that are created later, and the plan for now. */
interface Waiting {
  /** Triggers and events, such as `trigger shop.before_sale`. */
  readonly names: readonly string[];
  /** The plan without these objects. */
  readonly plan: RestorePlan;
}

/**
 * Sets aside the objects that would change rows that still need repair: the triggers of their
 * tables, and events whose statement contains the name of such a table. Everything else can be
 * created.
 *
 * @param unequal namespaces of tables whose rows differ from the archive's.
 */
function withoutWaiting(plan: RestorePlan, unequal: readonly string[]): Waiting {
  const differing = plan.tables.filter((t) => unequal.includes(t.source.namespace));
  const names: string[] = [];
  const tables = plan.tables.map((planned): PlannedTable => {
    const { database, definition } = planned;
    if (!differing.includes(planned)) return planned;
    names.push(...definition.triggers.map((t) => `trigger ${database}.${t.name}`));
    return { ...planned, definition: { ...definition, triggers: [] } };
  });
  const isWaiting = ({ createStatement }: StoredObject): boolean =>
    differing.some(({ name }) => createStatement.toLowerCase().includes(name.toLowerCase()));
  const databases = plan.databases.map((planned) => {
    const { database, objects } = planned;
    if (objects === undefined) return planned;
    const waiting = objects.events.filter(isWaiting);
    names.push(...waiting.map((e) => `event ${database}.${e.name}`));
    const now: SourceDatabase = { ...objects, events: objects.events.filter((e) => !waiting.includes(e)) };
    return { ...planned, objects: now };
  });
  return { names, plan: { ...plan, tables, databases } };
}
