import type { ProfileFacts, SourceNamespace } from "@firebreak/archive";
import type { UsedLines } from "../lines/line-uses.ts";
import type { ProfilePlan } from "../profile.ts";
import type { ProfiledArchive } from "./profiled-archive.ts";

/** Returns the facts of a profile's work for the manifest and the report. */
export function profileFacts(
  { plan, groups, staying }: ProfiledArchive,
  written: readonly (readonly UsedLines[])[],
): ProfileFacts {
  const ofGroups = (counts: (w: UsedLines) => Readonly<Record<string, number>>): ProfileFacts["remarks"] =>
    Object.fromEntries(groups.map(({ name }, i) => [name, summed(written[i]!.map(counts))]));
  const remarks = ofGroups((w) => w.remarks);
  return factsOf(plan, { remarks, quarantined: ofGroups((w) => w.reasons) }, staying);
}

/** Returns the facts of a plan, of the lines that it mapped, and of the namespaces that stay. */
export function factsOf(
  { options, settings, decisions, counts }: ProfilePlan,
  { remarks, quarantined }: Pick<ProfileFacts, "remarks" | "quarantined">,
  staying: readonly SourceNamespace[],
): ProfileFacts {
  return {
    options,
    ...(settings === undefined ? {} : { settings }),
    decisions,
    counts,
    remarks,
    quarantined,
    staying: staying.map(({ namespace, lineCount }) => ({ namespace, lineCount })),
  };
}

function summed(counts: readonly Readonly<Record<string, number>>[]): Record<string, number> {
  const sums: Record<string, number> = {};
  for (const of of counts)
    for (const [name, count] of Object.entries(of)) sums[name] = (sums[name] ?? 0) + count;
  return sums;
}
