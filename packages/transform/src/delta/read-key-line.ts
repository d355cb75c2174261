import { fieldsOf, LineFields, RAW_LINE_START, type ReadLine } from "@firebreak/archive";

/** Reads a key line as a line of its own. */
export function readKeyLine(line: string): Omit<ReadLine, "number"> {
  if (line.startsWith(RAW_LINE_START)) return { line, isRaw: true, fields: fieldsOf([]) };
  const fields = new LineFields();
  fields.read(line, 0, line.length);
  return { line, isRaw: false, fields };
}
