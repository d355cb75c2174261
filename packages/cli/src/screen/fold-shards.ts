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

/** Matches a count, but no number in a name or in a type such as varchar(16). */
const COUNT = /(?<![\w(,.])\d[\d.,]*(?!\w)/g;

/** Replaces a name in a text by `*`, with or without its database, so that texts about other names match. */
export function withoutName(text: string, name: string): string {
  return withoutWord(withoutWord(text, name), name.slice(name.indexOf(".") + 1));
}

function withoutWord(text: string, word: string): string {
  const isInWord = (at: number): boolean => /\w/.test(text.charAt(at));
  return text.replaceAll(word, (_, at: number) =>
    isInWord(at - 1) || isInWord(at + word.length) ? word : "*",
  );
}

/** Replaces each count in a text by `#`. */
export function withoutCounts(text: string): string {
  return text.replace(COUNT, "#");
}

const STEM_AND_NUMBER = /^(.*?)(0|[1-9]\d*)$/s;

/** The least number of consecutive numbers that become a range. */
const FEWEST_IN_ROW = 3;

/** Joins names to a text. Names with consecutive numbers become ranges: `t_0 … t_35, t_40, users`. */
export function foldedNames(names: readonly string[]): string {
  return namesAndRanges(names).join(", ");
}

/** Returns the names and ranges of `foldedNames` as a list. */
export function namesAndRanges(names: readonly string[]): string[] {
  const byStem = Map.groupBy(new Set(names), (name) => STEM_AND_NUMBER.exec(name)?.[1] ?? name);
  return [...byStem].flatMap(([stem, ofStem]) => (ofStem.length === 1 ? ofStem : rangesOf(stem, ofStem)));
}

function rangesOf(stem: string, names: readonly string[]): string[] {
  const numbers = names.map((name) => BigInt(name.slice(stem.length))).sort((a, b) => (a < b ? -1 : 1));
  const rows: bigint[][] = [];
  for (const number of numbers)
    if (rows.at(-1)?.at(-1) === number - 1n) rows.at(-1)!.push(number);
    else rows.push([number]);
  return rows.flatMap((row) =>
    row.length >= FEWEST_IN_ROW
      ? [`${stem}${row[0]} … ${stem}${row.at(-1)}`]
      : row.map((number) => `${stem}${number}`),
  );
}
