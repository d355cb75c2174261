const MAX_NAME_CHARACTERS = 64;

export const EXTRA_COLUMN = "_extra";

/**
 * True if MySQL takes a field's name as a column name (manual, 11.2). The name must not be empty, must have
 * at most 64 characters, all in the basic plane, and must not end in white space (a tab is refused too,
 * tried) or contain a character that the server would read as another one.
 */
export function isColumnName(name: string): boolean {
  if (name === "" || name.length > MAX_NAME_CHARACTERS || foldName(name) === EXTRA_COLUMN) return false;
  return !/[\s\u0000]$/u.test(name) && !/[\u0000\uD800-\uDFFF\uFFFE\uFFFF]/.test(name);
}

/**
 * Folds a name, so that two names are equal if a server may take them for one column. Folding removes case
 * and accents of each letter on its own. MariaDB lets è stand beside é, but in a table of many columns it
 * then writes only one of them (tried, 10.11). It looks names up by utf8mb3_general_ci, which this function
 * follows.
 */
export function foldName(name: string): string {
  return Array.from(name, foldLetter).join("");
}

function foldLetter(letter: string): string {
  // The only letter of the basic plane whose weight differs from that of its upper case.
  if (letter === "\u03f2") return "\u03c3";
  const base = letter.toUpperCase()[0]!.normalize("NFD")[0]!;
  return base.toUpperCase()[0]!.toLowerCase()[0]!;
}

/** Returns the names that can be columns, in order. If a server may take several for one, the first stays. */
export function columnNames(names: readonly string[]): string[] {
  const taken = new Set<string>();
  return names.filter((name) => {
    const folded = foldName(name);
    if (!isColumnName(name) || taken.has(folded)) return false;
    taken.add(folded);
    return true;
  });
}
