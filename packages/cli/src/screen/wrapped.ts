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
