/** Sets that have halves of characters, of which MariaDB makes bytes that are no UTF-8 (10.11, tried); UTF-16 has none. */
const WITH_HALVES: ReadonlySet<string> = new Set(["ucs2", "utf32"]);

/** The bytes that are left of a text, an expression of this character set, after a way to UTF-8 and back. */
export function backAgainSql(text: string, characterSet: string): string {
  const whole = WITH_HALVES.has(characterSet.toLowerCase()) ? `CONVERT(${text} USING utf16)` : text;
  return `CONVERT(CONVERT(CONVERT(${whole} USING utf8mb4) USING ${characterSet}) USING binary)`;
}
