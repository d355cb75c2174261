import {
  about,
  notCarried,
  readSourceManifest,
  type NotCarried,
  type StoredObject,
} from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { MysqlSession, mysqlTarget, tableName, TargetLock } from "@firebreak/mysql";
import { createObject, type Created } from "./create-object.ts";
import { definitionDifferences } from "./definition-differences.ts";
import { hasName, renameDatabase, renameStored } from "./renames.ts";
import { clearLedger, collationBefore, collationNow, writeMark } from "./restore-mark.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import { planRestore, type PlannedTable, type RestorePlan, type RestoreSettings } from "./restore-plan.ts";
import { serverUrl } from "./server-url.ts";
import { withoutWaiting } from "./waiting-objects.ts";
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
  const session = await MysqlSession.open(server);
  let lock: TargetLock | undefined;
  try {
    lock = await TargetLock.take(
      server,
      plan.databases.map((d) => d.database),
    );
    const maker = new Maker(session);
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
  } finally {
    await session.close();
    await lock?.release();
  }
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

/** Alters a database only if needed, since a user who may create routines may not always alter it. */
async function setCollation(session: MysqlSession, database: string, collation: string): Promise<void> {
  if ((await collationNow(session, database)) !== collation)
    await session.run(`ALTER DATABASE ${quoteIdentifier(database)} COLLATE ${collation}`);
}

async function setCollations(session: MysqlSession, collations: ReadonlyMap<string, string>): Promise<void> {
  for (const [database, collation] of collations) await setCollation(session, database, collation);
}

/** Creates objects, and collects the notes about them. */
class Maker {
  readonly session: MysqlSession;
  readonly notes: RestoreMysqlEvent[] = [];

  constructor(session: MysqlSession) {
    this.session = session;
  }

  /** Creates an object under its own settings. It first drops the same object of an earlier run. */
  async make(kind: ObjectKind, database: string, source: string, object: StoredObject): Promise<void> {
    const { name, createStatement } = object;
    // A body is its author's own text: database names in it stay unchanged.
    const statement = renameStored(kind, createStatement, source, database);
    const created = await about(`${kind} ${database}.${name}`, async () => {
      await this.session.run(`DROP ${kind.toUpperCase()} IF EXISTS ${tableName(database, name)}`);
      if (object.databaseCollation !== undefined)
        await setCollation(this.session, database, object.databaseCollation);
      return createObject(this.session, database, statement, object);
    });
    this.tell(kind, `${database}.${name}`, created);
    if (source !== database && hasName(statement, source))
      this.notes.push({
        kind: "note",
        code: "statement-names-database",
        fields: { kind, name: `${database}.${name}`, source },
      });
  }

  tell(kind: ObjectKind, name: string, created: Created): void {
    switch (created.kind) {
      case "as-it-was":
        return;
      case "other-definer":
        this.notes.push({
          kind: "note",
          code: "definer-changed",
          fields: { kind, name, definer: created.definer },
        });
        return;
      case "refused":
        this.notes.push({
          kind: "note",
          code: "statement-refused",
          fields: { kind, name, reason: created.reason },
        });
    }
  }
}

async function makeRoutines(maker: Maker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases) {
    // A routine that imports a library can be created only after it.
    for (const object of objects?.libraries ?? []) await maker.make("library", database, source, object);
    for (const object of objects?.functions ?? []) await maker.make("function", database, source, object);
    for (const object of objects?.procedures ?? []) await maker.make("procedure", database, source, object);
  }
}

/** Creates each view after those that it uses. It retries refused views as long as others succeed. */
async function makeViews(maker: Maker, { views }: RestorePlan): Promise<void> {
  const { session } = maker;
  for (const { database, name } of views)
    await session.run(`DROP VIEW IF EXISTS ${tableName(database, name)}`);
  let waiting = [...views];
  for (;;) {
    const refused: { readonly view: PlannedTable; readonly created: Created }[] = [];
    for (const view of waiting) {
      const { source, database, name, definition } = view;
      const statement = renameDatabase(definition.createStatement, source.database, database);
      const created = await about(`view ${database}.${name}`, () =>
        createObject(session, database, statement, definition.madeUnder),
      );
      if (created.kind === "refused") refused.push({ view, created });
      else maker.tell("view", `${database}.${name}`, created);
    }
    if (refused.length < waiting.length && refused.length > 0) waiting = refused.map((r) => r.view);
    else {
      for (const { view, created } of refused) maker.tell("view", `${view.database}.${view.name}`, created);
      return;
    }
  }
}

/** Creates triggers in the order in which they fire. */
async function makeTriggers(maker: Maker, { tables }: RestorePlan): Promise<void> {
  for (const { source, database, definition } of tables)
    for (const trigger of definition.triggers)
      await maker.make("trigger", database, source.database, trigger);
}

async function makeEvents(maker: Maker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases)
    for (const object of objects?.events ?? []) await maker.make("event", database, source, object);
}
