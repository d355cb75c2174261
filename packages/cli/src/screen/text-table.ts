import { displayWidth } from "./display-width.ts";
import { visibleText } from "./visible-value.ts";

/**
 * Aligns cells in columns, the first line being their names.
 *
 * @param isText of each column: text stands left, numbers right.
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
