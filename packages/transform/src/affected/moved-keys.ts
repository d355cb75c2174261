import { isDeepStrictEqual } from "node:util";
import type { ProfileFacts, TargetFacts } from "@firebreak/archive";
import { nameOf, type Entry, type PlannedTarget } from "../output.ts";
import type { KeyRange, ProfilePlan } from "../profile.ts";
import type { AffectedTask, IndexedManifest } from "./affected-targets.ts";

/**
 * Returns the keys whose lines two plans of a chain map by another rule. Undefined if the plans differ in more
 * than that.
 */
export function movedKeys(before: ProfilePlan, after: ProfilePlan): readonly KeyRange[] | undefined {
  const shape = ({ tables, collections, target, listed }: ProfilePlan): unknown[] => [
    tables,
    collections,
    target,
    listed,
  ];
  return isDeepStrictEqual(shape(before), shape(after)) ? after.movedSince(before.data) : undefined;
}

/** True if a plan decides settings as the link before was made with them. */
export function hasDecided(facts: ProfileFacts | undefined, { decisions }: ProfilePlan): boolean {
  const valuesOf = (of: ProfileFacts["decisions"]): string[] => of.map((d) => `${d.setting}=${d.value}`);
  return facts !== undefined && isDeepStrictEqual(valuesOf(facts.decisions), valuesOf(decisions));
}

/** True if the link before has every target of the plan, in the shape that the plan assumes. */
export function hasTargets<E extends Entry, M extends IndexedManifest, T extends PlannedTarget<E>>(
  { targets, chain }: AffectedTask<E, M, T>,
  plan: ProfilePlan,
): boolean {
  const { manifest } = chain.links.at(-1)!;
  // A manifest has no undefined fields.
  const shapeOf = (target: TargetFacts | undefined): unknown =>
    JSON.parse(JSON.stringify([target?.database, target?.shapes]));
  if (!isDeepStrictEqual(shapeOf(manifest.target), shapeOf(plan.target))) return false;
  const known = targets.changes.entriesOf(manifest);
  return targets
    .planned(plan)
    .every((t) =>
      known.some((e) => nameOf(e) === t.name && e.database === t.database && e.change !== "dropped"),
    );
}
