const NUMBERED = /^(.*?)(0|[1-9]\d*)$/s;

/** The least number of consecutive numbers that become a range. */
const FEWEST_IN_ROW = 3;

/** Joins names to a text. Names with consecutive numbers become ranges: `t_0 … t_35, t_40, users`. */
export function foldedNames(names: readonly string[]): string {
  return namesAndRanges(names).join(", ");
}

/** Returns the names and ranges of `foldedNames` as a list. */
export function namesAndRanges(names: readonly string[]): string[] {
  const byStem = Map.groupBy(new Set(names), (name) => NUMBERED.exec(name)?.[1] ?? name);
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
