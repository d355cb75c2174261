import { COMMUNITY_FACTS } from "../../src/target/community-facts.ts";
import type { ColumnFacts } from "@firebreak/archive";
import type { ChatTargetFacts } from "../../src/target/target-facts.ts";

/** A column of the site's own. */
export function ownColumn(name: string, type: string, more: Partial<ColumnFacts> = {}): ColumnFacts {
  const none = { isUnsigned: false, isNullable: false, isDefaultExpression: false, isAutoIncrement: false };
  return { ...none, name, type, ...more };
}

/** The community layout with other columns in every message table, or in every user table. */
export function changedFacts(
  kind: "messages" | "userMessages",
  change: (columns: readonly ColumnFacts[]) => readonly ColumnFacts[],
): ChatTargetFacts {
  const first = kind === "messages" ? "t_messages_0" : "t_user_messages_0";
  const shapes = COMMUNITY_FACTS.shapes.map((shape) =>
    shape.tables.includes(first) ? { ...shape, columns: [...change(shape.columns)] } : shape,
  );
  return { ...COMMUNITY_FACTS, shapes };
}

/** The layout without some columns. */
export function factsWithout(kind: "messages" | "userMessages", ...names: string[]): ChatTargetFacts {
  return changedFacts(kind, (columns) => columns.filter(({ name }) => !names.includes(name)));
}
