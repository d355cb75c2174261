import {
  about,
  notCarried,
  quoteIdentifier,
  readSourceManifest,
  type NotCarried,
  type StepEvent,
  type StoredObject,
} from "@firebreak/archive";
import { MysqlSession, mysqlTarget, tableName, TargetLock } from "@firebreak/mysql";
import { createObject, type Created } from "./create-object.ts";
import { definitionDifferences } from "./definition-differences.ts";
import { hasName, renameDatabase, renameStored } from "./renames.ts";
import { clearLedger, collationBefore, collationNow, writeMark } from "./restore-mark.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import { planRestore, type PlannedTable, type RestorePlan, type RestoreSettings } from "./restore-plan.ts";
import { serverUrl } from "./server-url.ts";
import { withoutWaiting } from "./waiting-objects.ts";

export interface FinishRestoreOptions extends RestoreSettings {
  readonly url: string;
  /** Whether rows wait in quarantine: then the ledger stays, which knows of them. */
  readonly hasQuarantine: boolean;
  /** Namespaces of tables whose rows are not those of the archive: what would change these waits. */
  readonly unequal: readonly string[];
}

/** A table or view of the archive, by its name there, and whether the target has all of it by the same statements. */
export interface RestoredDefinition {
  readonly namespace: string;
  readonly target: string;
  readonly kind: "table" | "view";
  readonly isEqual: boolean;
  /** The collations of the archive that it has others in the place of. */
  readonly notCarried: readonly NotCarried[];
}

/**
 * What comes when all rows are in and compared: routines, views in an order that
 * works, triggers, and events last, for from then on the server changes rows by
 * itself. Then every statement is compared with the archive's, and the ledger
 * goes, so that the target is as the backup; where something differs it stays, and the
 * restore may be gone on with or done anew. Run again it does all of it again.
 *
 * @throws {FirebreakError} of mysql or archive. What the server does not take is
 * no error but told, and makes what is returned unequal.
 */
export async function* finishRestore(
  options: FinishRestoreOptions,
): AsyncGenerator<StepEvent, RestoredDefinition[]> {
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
      // Whatever keeps this from being done, the first error is the one to tell.
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

/** What is of no table, when it is not as it was, makes all tables of its database so. */
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

/** Lists the collations that a map put others in the place of, in a table and its triggers, or a view. */
function mappedOf({ mappedUses, collationMap }: RestorePlan, namespace: string): NotCarried[] {
  const isOf = (place: string): boolean =>
    place === namespace || place.startsWith(`${namespace}.`) || place.endsWith(` of ${namespace}`);
  return [...mappedUses]
    .filter(([, places]) => places.some(isOf))
    .map(([from]) => notCarried("option", `collation ${from}`, "collation-mapped", collationMap.get(from)));
}

/** What each database is to have again when all is made. */
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

/** Only if it has to: whoever may make a routine may not always alter its database. */
async function setCollation(session: MysqlSession, database: string, collation: string): Promise<void> {
  if ((await collationNow(session, database)) !== collation)
    await session.run(`ALTER DATABASE ${quoteIdentifier(database)} COLLATE ${collation}`);
}

async function setCollations(session: MysqlSession, collations: ReadonlyMap<string, string>): Promise<void> {
  for (const [database, collation] of collations) await setCollation(session, database, collation);
}

/** Makes things, and keeps what is to be told of them. */
class Maker {
  readonly session: MysqlSession;
  readonly notes: StepEvent[] = [];

  constructor(session: MysqlSession) {
    this.session = session;
  }

  /** Makes one that has circumstances; one that is there already, of an earlier run, goes first. */
  async make(kind: ObjectKind, database: string, source: string, object: StoredObject): Promise<void> {
    const { name, createStatement } = object;
    // A body is the person's own text: what it says of databases stays as it is.
    const statement = renameStored(kind, createStatement, source, database);
    const created = await about(`${kind} ${database}.${name}`, async () => {
      await this.session.run(`DROP ${kind.toUpperCase()} IF EXISTS ${tableName(database, name)}`);
      if (object.databaseCollation !== undefined)
        await setCollation(this.session, database, object.databaseCollation);
      return createObject(this.session, database, statement, object);
    });
    this.tell(kind, `${database}.${name}`, created);
    if (source !== database && hasName(statement, source))
      this.note("statement-names-database", { kind, name: `${database}.${name}`, source });
  }

  tell(kind: ObjectKind, name: string, created: Created): void {
    switch (created.kind) {
      case "as-it-was":
        return;
      case "other-definer":
        return this.note("definer-changed", { kind, name, definer: created.definer });
      case "refused":
        return this.note("statement-refused", { kind, name, reason: created.reason });
    }
  }

  note(code: string, fields: Readonly<Record<string, unknown>>): void {
    this.notes.push({ kind: "note", code, fields });
  }
}

async function makeRoutines(maker: Maker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases) {
    // A routine that imports one is made only where it is.
    for (const object of objects?.libraries ?? []) await maker.make("library", database, source, object);
    for (const object of objects?.functions ?? []) await maker.make("function", database, source, object);
    for (const object of objects?.procedures ?? []) await maker.make("procedure", database, source, object);
  }
}

/** Each after those that it is made of: whichever the server does not take yet are tried again, as long as others come in. */
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

/** In the order in which they fire. */
async function makeTriggers(maker: Maker, { tables }: RestorePlan): Promise<void> {
  for (const { source, database, definition } of tables)
    for (const trigger of definition.triggers)
      await maker.make("trigger", database, source.database, trigger);
}

async function makeEvents(maker: Maker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases)
    for (const object of objects?.events ?? []) await maker.make("event", database, source, object);
}
