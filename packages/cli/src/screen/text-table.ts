import { visibleText } from "./visible-value.ts";

/** Characters of two columns on a terminal: East Asian wide or full-width, and emoji (Unicode, UAX 11). */
const WIDE =
  /[\u1100-\u115f\u2e80-\u303e\u3041-\ua4cf\uac00-\ud7a3\uf900-\ufaff\ufe30-\ufe6f\uff00-\uff60\uffe0-\uffe6\u{1f300}-\u{1f64f}\u{1f900}-\u{1f9ff}\u{20000}-\u{3fffd}]/u;

/** Characters that take no column, because they modify the character before. */
const COMBINING = /\p{M}/u;

/** Returns the number of columns that a text takes on a terminal. */
export function displayWidth(text: string): number {
  let width = 0;
  for (const character of text) width += widthOf(character);
  return width;
}

/** Cuts a text to a number of columns. A text that was cut ends in `…`. */
export function cutToWidth(text: string, columns: number): string {
  if (displayWidth(text) <= columns) return text;
  let kept = "";
  let width = 1;
  for (const character of text) {
    width += widthOf(character);
    if (width > columns) break;
    kept += character;
  }
  return columns < 1 ? "" : `${kept}…`;
}

function widthOf(character: string): number {
  return COMBINING.test(character) ? 0 : WIDE.test(character) ? 2 : 1;
}

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

/** The columns of a terminal at its default width. */
const WIDTH = 80;

/** Breaks a line at its spaces so that it fits a narrow terminal, and indents the lines after the first. */
export function wrapped(line: string, indent = "  "): string {
  const lines: string[] = [];
  let current = "";
  for (const word of line.split(/(?<=\S) /)) {
    if (current !== "" && current.length + 1 + word.length > WIDTH) {
      lines.push(current);
      current = `${indent}${word}`;
    } else current = current === "" ? word : `${current} ${word}`;
  }
  return [...lines, current].join("\n");
}
