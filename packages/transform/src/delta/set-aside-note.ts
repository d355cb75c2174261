import type { WrittenPart } from "../lines/write-part.ts";
import { REASONS_OF_TABLE, type SetAsideDocuments, type TransformEvent } from "../transform-notes.ts";

/** Reports the number of documents that do not fit a table, by reason. Reports nothing if all fit. */
export function* setAsideNote(
  { namespace, table }: Pick<SetAsideDocuments, "namespace" | "table">,
  written: readonly WrittenPart[],
): Generator<TransformEvent> {
  const counts = written.flatMap((w) => Object.entries(w.reasons));
  const reasons = REASONS_OF_TABLE.map((reason) => ({
    reason,
    // A count is of one reason and field.
    count: counts.reduce((sum, [name, count]) => sum + (name.split(" ")[0] === reason ? count : 0), 0),
  })).filter(({ count }) => count > 0);
  if (reasons.length > 0)
    yield { kind: "note", code: "delta-set-aside", fields: { namespace, table, reasons } };
}
