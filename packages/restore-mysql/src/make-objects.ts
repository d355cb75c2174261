import { about, type StoredObject } from "@firebreak/archive";
import { quoteIdentifier } from "@firebreak/mysql-format";
import { type MysqlSession, tableName } from "@firebreak/mysql";
import { type Created, createObject } from "./create-object.ts";
import { hasName, renameDatabase, renameStored } from "./renames.ts";
import { collationNow } from "./restore-mark.ts";
import type { ObjectKind } from "./restore-mysql-faults.ts";
import type { RestoreMysqlEvent } from "./restore-mysql-notes.ts";
import { storedObjects, type PlannedTable, type RestorePlan } from "./restore-plan.ts";

/** Creates objects, and collects the notes about them. */
export class ObjectMaker {
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
    const fields = { kind, name: `${database}.${name}`, source };
    if (source !== database && hasName(statement, source))
      this.notes.push({ kind: "note", code: "statement-names-database", fields });
  }

  tell(kind: ObjectKind, name: string, created: Created): void {
    switch (created.kind) {
      case "as-it-was":
        return;
      case "other-definer": {
        const fields = { kind, name, definer: created.definer };
        this.notes.push({ kind: "note", code: "definer-changed", fields });
        return;
      }
      case "refused": {
        const fields = { kind, name, reason: created.reason };
        this.notes.push({ kind: "note", code: "statement-refused", fields });
      }
    }
  }
}

export async function makeRoutines(maker: ObjectMaker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases) {
    for (const [kind, object] of storedObjects(objects))
      if (kind !== "event") await maker.make(kind, database, source, object);
  }
}

/** Creates each view after those that it uses. It retries refused views as long as others succeed. */
export async function makeViews(maker: ObjectMaker, { views }: RestorePlan): Promise<void> {
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
export async function makeTriggers(maker: ObjectMaker, { tables }: RestorePlan): Promise<void> {
  for (const { source, database, definition } of tables)
    for (const trigger of definition.triggers)
      await maker.make("trigger", database, source.database, trigger);
}

export async function makeEvents(maker: ObjectMaker, { databases }: RestorePlan): Promise<void> {
  for (const { source, database, objects } of databases)
    for (const object of objects?.events ?? []) await maker.make("event", database, source, object);
}

/** Alters a database only if needed, since a user who may create routines may not always alter it. */
export async function setCollation(
  session: MysqlSession,
  database: string,
  collation: string,
): Promise<void> {
  if ((await collationNow(session, database)) !== collation)
    await session.run(`ALTER DATABASE ${quoteIdentifier(database)} COLLATE ${collation}`);
}
