import { lineText, listDatabase, type MongodbSource, type Namespace } from "@firebreak/mongodb";
import { allOf, type PlannedNamespace, type RestorePlan } from "./restore-plan.ts";

/** What a collection is in the target that the archive says otherwise. */
export interface DefinitionDifference {
  readonly namespace: string;
  readonly what: "missing" | "kind" | "options" | "index";
  readonly expected: string;
  readonly found: string;
}

/** Compares kind, options and indexes of all that was restored with what the archive holds; indexes in any order. */
export async function compareDefinitions(
  target: MongodbSource,
  plan: RestorePlan,
): Promise<DefinitionDifference[]> {
  const all = allOf(plan);
  const wanted = new Set(all.map((p) => p.namespace));
  const existing = new Map<string, Namespace>();
  for (const database of plan.databases)
    for (const ns of await listDatabase(target, database, (namespace) => wanted.has(namespace)))
      existing.set(ns.namespace, ns);
  return all.flatMap((planned) => differencesOf(planned, existing.get(planned.namespace)));
}

function differencesOf(planned: PlannedNamespace, found: Namespace | undefined): DefinitionDifference[] {
  const { namespace } = planned;
  if (found === undefined) return [{ namespace, what: "missing", expected: planned.kind, found: "" }];
  const differences: DefinitionDifference[] = [];
  const compare = (what: DefinitionDifference["what"], expected: string, has: string): void => {
    if (expected !== has) differences.push({ namespace, what, expected, found: has });
  };
  compare("kind", planned.kind, found.kind);
  compare("options", lineText(planned.options), found.optionsText);
  const expectedIndexes = planned.indexes.map(lineText);
  for (const text of expectedIndexes) if (!found.indexTexts.includes(text)) compare("index", text, "");
  for (const text of found.indexTexts) if (!expectedIndexes.includes(text)) compare("index", "", text);
  return differences;
}
