const MAX_NAME_CHARACTERS = 64;

export const EXTRA_COLUMN = "_extra";

/**
 * Whether MySQL takes a field's name as a column's name (manual, 11.2): not
 * empty, at most 64 characters, in the basic plane, no white space at the end
 * (a tab is refused too, tried), nothing the server would read as another character.
 */
export function isColumnName(name: string): boolean {
  if (name === "" || name.length > MAX_NAME_CHARACTERS || foldName(name) === EXTRA_COLUMN) return false;
  return !/[\s\u0000]$/u.test(name) && !/[\u0000\uD800-\uDFFF\uFFFE\uFFFF]/.test(name);
}

/**
 * What two names have in common when MySQL takes them for the same column:
 * their letters but for case, each on its own (its "simple" case folding).
 */
export function foldName(name: string): string {
  return Array.from(
    name,
    (letter) =>
      Array.from(letter.toUpperCase().length === 1 ? letter.toUpperCase() : letter)[0]!.toLowerCase()[0]!,
  ).join("");
}

/** The names that can be columns: right in themselves and unlike all others. `_id` is never given up. */
export function columnNames(names: readonly string[]): Set<string> {
  const folded = new Map<string, number>();
  for (const name of names) folded.set(foldName(name), (folded.get(foldName(name)) ?? 0) + 1);
  return new Set(
    names.filter((name) => name === "_id" || (isColumnName(name) && folded.get(foldName(name)) === 1)),
  );
}
