/**
 * Character sets that hold halves of characters, which MariaDB converts to bytes that are not UTF-8
 * (10.11, tried). UTF-16 holds none.
 */
const WITH_HALVES: ReadonlySet<string> = new Set(["ucs2", "utf32"]);

/**
 * Returns SQL for the bytes that remain of `text`, an expression of this character set, after
 * conversion to UTF-8 and back.
 */
export function backAgainSql(text: string, characterSet: string): string {
  const whole = WITH_HALVES.has(characterSet.toLowerCase()) ? `CONVERT(${text} USING utf16)` : text;
  return `CONVERT(CONVERT(CONVERT(${whole} USING utf8mb4) USING ${characterSet}) USING binary)`;
}
