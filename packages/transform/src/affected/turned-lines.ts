import type { ProfilePlan } from "../profile.ts";
import type { TurnedLine } from "./marked-part.ts";
import type { MappedSides } from "./changed-account.ts";
import type { MappedPart } from "./map-side.ts";

type Side = keyof MappedSides;

/**
 * Adds the lines that ask for a key which the delta brings or takes away to the mapped ones. Their rows stay as they
 * are, and only the remark that there is no such key counts.
 */
export function withTurned(
  { before, after }: MappedSides,
  plans: Readonly<Record<Side, Pick<ProfilePlan, "absentRemark">>>,
  turned: Iterable<TurnedLine>,
): MappedSides {
  const counts = { before: new RemarkCounts(), after: new RemarkCounts() };
  for (const { part, key, isAbsent } of turned) {
    const side: Side = isAbsent ? "after" : "before";
    const remark = plans[side].absentRemark(key);
    if (remark !== undefined) counts[side].add(part.namespace, part.group, remark);
  }
  return { before: [...before, ...counts.before.parts()], after: [...after, ...counts.after.parts()] };
}

/** Counts remarks of lines by their namespace. */
class RemarkCounts {
  readonly #counts = new Map<string, { readonly group: string; readonly remarks: Record<string, number> }>();

  add(namespace: string, group: string, remark: string): void {
    const known = this.#counts.get(namespace) ?? { group, remarks: {} };
    this.#counts.set(namespace, known);
    known.remarks[remark] = (known.remarks[remark] ?? 0) + 1;
  }

  /** Returns the counts as if they were those of mapped parts without any lines. */
  parts(): MappedPart[] {
    return [...this.#counts].map(([namespace, { group, remarks }]) => ({
      ...NO_LINES,
      namespace,
      group,
      remarks,
    }));
  }
}

const NO_LINES = {
  mappedCount: 0,
  skippedCount: 0,
  collapsedCount: 0,
  reasons: {},
  quarantine: undefined,
  listed: undefined,
  items: [],
  findings: {},
} as const;
