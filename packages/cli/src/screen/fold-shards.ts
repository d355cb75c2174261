/** The least number of similar shards that share one line. Their names differ in a number at the end. */
const FEWEST_SHARDS = 16;

const NUMBERED = /_\d+$/;

/** The functions that fold things of one kind into one line. */
export interface ShardFolding<T> {
  readonly nameOf: (one: T) => string;
  /** Returns the state that all things in one line share. It has all that a sum would hide. */
  readonly stateOf: (one: T) => string;
  readonly together: (shards: readonly T[]) => T;
}

/**
 * Folds shards (`orders_0`, `orders_1`, …) of one state into one, in the place of the first. If too
 * few shards share a state, each keeps its own line.
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

/** Returns a shard's name without its number, or undefined if the name is not that of a shard. */
export function shardStem(name: string): string | undefined {
  return NUMBERED.test(name) ? name.replace(NUMBERED, "_") : undefined;
}

/** Returns the name for a number of shards: `orders_* (36)`. */
export function starredName(name: string, count: number): string {
  return `${name.replace(NUMBERED, "_*")} (${count})`;
}

/** Sums counts. It leaves out counts that are undefined everywhere. */
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
