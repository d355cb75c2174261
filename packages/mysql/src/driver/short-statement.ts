/** The number of characters of a statement that a message shows. */
const SHOWN = 160;

/** Matches a statement that inserts rows, with the part in front of the values as its group. */
const BEFORE_VALUES = /^((?:INSERT|REPLACE)\b.*?\bVALUES) .*/s;

/** Returns a statement as a message shows it: on one line, shortened, and without the values of rows. */
export function shortStatement(sql: string): string {
  const line = sql
    .slice(0, SHOWN * 10)
    .replace(BEFORE_VALUES, "$1 …")
    .replaceAll(/\s+/g, " ")
    .trim();
  const letters = Array.from(line);
  return letters.length <= SHOWN ? line : `${letters.slice(0, SHOWN).join("")}…`;
}
