import { displayWidth } from "./display-width.ts";
import { visibleText } from "./visible-value.ts";

/**
 * Aligns cells in columns.
 *
 * @param given the lines. The first has the names of the columns.
 * @param isText true for each column of text, which is aligned left. Numbers are aligned right.
 */
export function textTable(given: readonly (readonly string[])[], isText: readonly boolean[]): string {
  const lines = given.map((line) => line.map(visibleText));
  const widths = isText.map((_, i) => Math.max(...lines.map((line) => displayWidth(line[i]!))));
  return lines
    .map((line) =>
      line
        .map((cell, i) => {
          const room = " ".repeat(widths[i]! - displayWidth(cell));
          return isText[i] === true ? `${cell}${room}` : `${room}${cell}`;
        })
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
