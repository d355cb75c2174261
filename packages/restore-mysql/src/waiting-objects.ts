import type { SourceDatabase, StoredObject } from "@firebreak/archive";
import type { PlannedTable, RestorePlan } from "./restore-plan.ts";

/** The objects of a restore that are created later, and the plan for now. */
export interface Waiting {
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
export function withoutWaiting(plan: RestorePlan, unequal: readonly string[]): Waiting {
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
