import type { AnswerRow } from "../tested-query.ts";

/** Returns a row as one text, the same whatever the order of its columns. */
export function rowText(row: AnswerRow): string {
  return [...row]
    .toSorted(([one], [other]) => (one < other ? -1 : 1))
    .map(([name, value]) => `${name} ${value === null ? "NULL" : JSON.stringify(value)}`)
    .join(", ");
}
