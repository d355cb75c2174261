import { characterSetOf } from "./collation-map.ts";

/**
 * Returns the known collation that compares most like another server's, or undefined if none has
 * its character set. It prefers a collation that treats fewer values as equal: rows that differ at
 * the source then stay different.
 *
 * @param known the server's collations, by their full names.
 */
export function likeCollation(collation: string, known: readonly string[]): string | undefined {
  const set = characterSetOf(collation);
  const there = new Set(known.filter((name) => characterSetOf(name) === set));
  const rest = collation.slice(collation.indexOf("_") + 1);
  const [, ends] = /((?:a[is]_)?(?:c[is]|ks)|bin)$/.exec(rest) ?? [];
  const likely = [
    // MySQL's 0900 collations do not pad with spaces, and MariaDB's nopad collations do not either.
    ...(rest === "0900_bin" ? ["nopad_bin"] : []),
    ...(rest === "nopad_bin" ? ["0900_bin"] : []),
    ...(/\b0900\b|_0900_|^0900_/.test(rest) ? [`uca1400_nopad_${ends}`, "uca1400_nopad_as_cs"] : []),
    ...(rest.startsWith("uca1400_") ? [`0900_${ends}`, "0900_as_cs"] : []),
    rest.replace("nopad_", ""),
    ...(ends === "ci" || ends?.endsWith("_ci") === true
      ? ["unicode_520_ci", "unicode_ci", "general_ci"]
      : []),
    "bin",
  ];
  const prefixes = set === "utf8mb3" ? ["utf8mb3", "utf8"] : [set];
  const names = likely.flatMap((name) => prefixes.map((prefix) => `${prefix}_${name}`));
  return names.find((name) => name !== collation && there.has(name));
}
