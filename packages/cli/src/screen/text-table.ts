/**
 * Aligns cells in columns, the first line being their names.
 *
 * @param isText of each column: text stands left, numbers right.
 */
export function textTable(lines: readonly (readonly string[])[], isText: readonly boolean[]): string {
  const widths = isText.map((_, i) => Math.max(...lines.map((line) => line[i]!.length)));
  return lines
    .map((line) =>
      line
        .map((cell, i) => (isText[i] === true ? cell.padEnd(widths[i]!) : cell.padStart(widths[i]!)))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
