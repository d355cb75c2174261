/** From so many on, things that are alike and whose names differ in a number at their end are one line for people. */
const FEWEST_SHARDS = 16;

const NUMBERED = /_\d+$/;

/** How things of one kind become one line. */
export interface ShardFolding<T> {
  readonly nameOf: (one: T) => string;
  /** What must be the same of all in one line: whatever would be overlooked in a sum. */
  readonly stateOf: (one: T) => string;
  readonly together: (shards: readonly T[]) => T;
}

/**
 * Puts shards (`t_messages_0`, `t_messages_1`, …) of one state together, in the place of
 * the first. Those whose state few others have stay lines of their own.
 */
export function foldShards<T>(all: readonly T[], { nameOf, stateOf, together }: ShardFolding<T>): T[] {
  const keyOf = (one: T): string | undefined => {
    const stem = shardStem(nameOf(one));
    return stem === undefined ? undefined : JSON.stringify([stem, stateOf(one)]);
  };
  const byKey = Map.groupBy(all, keyOf);
  return all.flatMap((one) => {
    const key = keyOf(one);
    const shards = key === undefined ? [] : byKey.get(key)!;
    if (shards.length < FEWEST_SHARDS) return [one];
    return one === shards[0] ? [together(shards)] : [];
  });
}

/** A shard's name without its number; undefined for what is none. */
export function shardStem(name: string): string | undefined {
  return NUMBERED.test(name) ? name.replace(NUMBERED, "_") : undefined;
}

/** The name of so many shards: `t_messages_* (36)`. */
export function starredName(name: string, count: number): string {
  return `${name.replace(NUMBERED, "_*")} (${count})`;
}

/** Counts that none of them knows are left out. */
export function sumsOf<Key extends string>(
  of: readonly { readonly [K in Key]?: number | undefined }[],
  keys: readonly Key[],
): Partial<Record<Key, number>> {
  const summed: Partial<Record<Key, number>> = {};
  for (const one of of)
    for (const key of keys) {
      const count = one[key];
      if (count !== undefined) summed[key] = (summed[key] ?? 0) + count;
    }
  return summed;
}
