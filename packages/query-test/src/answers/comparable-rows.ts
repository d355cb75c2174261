import { RAW_LINE_START, rawFields } from "@firebreak/archive";
import { EXTRA_COLUMN, type CommentKind } from "@firebreak/mysql-format";
import { fieldsOfText } from "../sides/found-document.ts";
import type { AnswerRow, FoundDocument, FoundRow } from "../tested-query.ts";
import { comparableCell, comparableText } from "./comparable-value.ts";

/** Returns a document's fields in the form in which they are compared. */
export function comparableDocument({ line }: Pick<FoundDocument, "line">): AnswerRow {
  return new Map(sorted(fieldsIn(line)));
}

/**
 * Returns the fields of a generic table's row: those in its columns, and those in `_extra`. It reads the row
 * by the comments of its columns and knows nothing of how transform made it.
 */
export function comparableRow(row: FoundRow, kinds: ReadonlyMap<string, CommentKind>): AnswerRow {
  const fields: (readonly [string, string])[] = [];
  for (const [name, bytes] of row) {
    if (bytes === null) continue;
    if (name === EXTRA_COLUMN) fields.push(...fieldsIn(bytes.toString("latin1")));
    else fields.push([name, comparableCell(kinds.get(name) ?? "string", bytes)]);
  }
  return new Map(sorted(fields));
}

/** Returns the fields of a line, with a number behind the name of each that another has, too. */
function fieldsIn(line: string): (readonly [string, string])[] {
  const found = line.startsWith(RAW_LINE_START) ? rawFieldsIn(line) : textFieldsIn(line);
  const counts = new Map<string, number>();
  return found.map(([name, text]) => {
    const count = (counts.get(name) ?? 0) + 1;
    counts.set(name, count);
    return [count === 1 ? name : `${name} (${count})`, text];
  });
}

function textFieldsIn(line: string): (readonly [string, string])[] {
  const fields = fieldsOfText(line);
  return Array.from({ length: fields.count }, (_, i) => [fields.names[i]!, comparableText(fields.text(i))]);
}

function rawFieldsIn(line: string): (readonly [string, string])[] {
  return (rawFields(line) ?? []).map(({ name, text, element }) => [
    name ?? "",
    text === undefined ? `BSON ${element.toString("base64")}` : comparableText(text),
  ]);
}

function sorted(fields: readonly (readonly [string, string])[]): (readonly [string, string])[] {
  return fields.toSorted(([one], [other]) => (one < other ? -1 : 1));
}
