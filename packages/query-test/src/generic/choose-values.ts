/** The number of values that a query is asked with. */
const VALUE_COUNT = 12;

/**
 * Chooses values to ask for, out of those of drawn documents in the documents' order: the most frequent ones
 * (hot), the rarest (cold), the first and the last, and others in between. Each is chosen once.
 *
 * @param textOf tells equal values.
 */
export function chooseValues<Value>(
  values: readonly Value[],
  textOf: (value: Value) => string,
  count: number = VALUE_COUNT,
): Value[] {
  const groups = [...Map.groupBy(values, textOf).values()];
  const byFrequency = groups.toSorted((one, other) => other.length - one.length);
  const quarter = Math.ceil(count / 4);
  const step = Math.max(1, Math.floor(groups.length / quarter));
  const chosen = [
    ...byFrequency.slice(0, quarter),
    ...byFrequency.slice(-quarter),
    ...groups.slice(0, 1),
    ...groups.slice(-1),
    ...groups.filter((_, i) => i % step === 0),
    ...groups,
  ];
  return [...new Set(chosen)].slice(0, count).map(([value]) => value!);
}
