/** Columns of a terminal that nobody made wider. */
const WIDTH = 80;

/** Breaks a line at its spaces so that it fits a narrow terminal; what follows is indented. */
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
