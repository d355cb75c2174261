import type { MysqlNamespace, NotCarried, ProfileFacts } from "@firebreak/archive";
import { useOf } from "../output.ts";
import type { MappedPart } from "./map-side.ts";

/** The lines that a delta affects, as they were and as they are. */
export interface MappedSides {
  readonly before: readonly MappedPart[];
  readonly after: readonly MappedPart[];
}

/**
 * Returns the account of a namespace at the end of the chain: that of the link before, without the lines that
 * the delta affects as they were, and with them as they are. Its files have only those that the delta affects,
 * so that a delta stays as small as what changed.
 *
 * @param earlier the account before the delta; undefined for a new namespace.
 */
export function accountAfter(
  namespace: string,
  earlier: MysqlNamespace | undefined,
  notCarried: readonly NotCarried[],
  sides: MappedSides,
): MysqlNamespace {
  const of = (mapped: readonly MappedPart[]): MysqlNamespace =>
    useOf(
      { namespace, lineCount: 0 },
      mapped.filter((m) => m.namespace === namespace),
      notCarried,
      true,
    );
  const [was, is] = [of(sides.before), of(sides.after)];
  const sum = (count: (use: MysqlNamespace) => number): number =>
    (earlier === undefined ? 0 : count(earlier)) - count(was) + count(is);
  const mappedCount = sum((use) => use.mappedCount);
  const quarantinedCount = sum((use) => use.quarantinedCount);
  const skippedCount = sum((use) => use.skippedCount);
  const collapsedCount = sum((use) => use.collapsedCount);
  return {
    ...is,
    lineCount: mappedCount + quarantinedCount + skippedCount + collapsedCount,
    mappedCount,
    quarantinedCount,
    skippedCount,
    collapsedCount,
  };
}

/** Returns the uses of rules and the reasons for quarantine at the end of the chain, by group. */
export function usesAfter(
  { remarks, quarantined }: Pick<ProfileFacts, "remarks" | "quarantined">,
  groups: readonly string[],
  { before, after }: MappedSides,
): Pick<ProfileFacts, "remarks" | "quarantined"> {
  const changed = (
    earlier: ProfileFacts["remarks"],
    counts: (mapped: MappedPart) => Readonly<Record<string, number>>,
  ): ProfileFacts["remarks"] =>
    Object.fromEntries(
      groups.map((group) => {
        const sums = new Map(Object.entries(earlier[group] ?? {}));
        const add = (mapped: readonly MappedPart[], sign: 1 | -1): void => {
          for (const part of mapped)
            if (part.group === group)
              for (const [name, count] of Object.entries(counts(part)))
                sums.set(name, (sums.get(name) ?? 0) + sign * count);
        };
        add(before, -1);
        add(after, 1);
        return [group, Object.fromEntries([...sums].filter(([, count]) => count !== 0))];
      }),
    );
  return {
    remarks: changed(remarks, (mapped) => mapped.remarks),
    quarantined: changed(quarantined, (mapped) => mapped.reasons),
  };
}
