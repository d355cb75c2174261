import { notCarried, type NotCarried, type SourceNamespace } from "@firebreak/archive";
import { planIndexes } from "../tables/index-plan.ts";
import { optionsNotCarried } from "../not-carried.ts";
import type { Pass } from "../lines/passes.ts";
import { sourceDefinition } from "../collections/source-definition.ts";
import type { PlannedChanges } from "./plan-of-changes.ts";

/**
 * Lists the parts of its collection's definition that a changed table does not get, including indexes made
 * since the link before.
 */
export async function notCarriedByDelta(
  pass: Pass,
  ns: SourceNamespace,
  { plan, table }: Pick<PlannedChanges, "plan" | "table">,
): Promise<NotCarried[]> {
  const { indexes, optionsText } = await sourceDefinition(pass, ns);
  const planned = planIndexes(plan, indexes);
  const known = new Set(table.indexes.map(({ name }) => name));
  const later = planned.indexes.filter(({ name }) => !known.has(name));
  return [
    ...planned.notCarried,
    ...later.map(({ name }) => notCarried("index", name, "link-before")),
    ...optionsNotCarried(optionsText),
  ];
}
