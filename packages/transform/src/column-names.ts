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
 * What two names have in common when a server may take them for one column:
 * their letters but for case and accents, each on its own. MariaDB creates é
 * beside è, and in a table of many columns then writes only one of them (tried,
 * 10.11): it looks names up by utf8mb3_general_ci, which this follows.
 */
export function foldName(name: string): string {
  return Array.from(name, foldLetter).join("");
}

function foldLetter(letter: string): string {
  // The one letter of the basic plane whose weight is not that of its upper case.
  if (letter === "\u03f2") return "\u03c3";
  const base = letter.toUpperCase()[0]!.normalize("NFD")[0]!;
  return base.toUpperCase()[0]!.toLowerCase()[0]!;
}

/** The names that can be columns, in the order given: of those that a server may take for one the first alone. */
export function columnNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.filter((name) => {
    const folded = foldName(name);
    if (!isColumnName(name) || taken.has(folded)) return false;
    taken.add(folded);
    return true;
  });
}
