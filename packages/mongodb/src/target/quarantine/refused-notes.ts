import type { TablePart } from "@firebreak/archive";
import type { ToMongodbEvent } from "../mongodb-load-notes.ts";
import type { PartOutcome } from "../parts/load-part.ts";

/** Notes which documents of one part the target refused, and why. */
export function refusedNotes(
  namespace: string,
  part: Pick<TablePart, "file">,
  { named, quarantine }: Pick<PartOutcome, "named" | "quarantine">,
): ToMongodbEvent[] {
  if (quarantine === undefined) return [];
  const documents = named.map(({ line, errno, message, fields }) => ({ line, errno, message, fields }));
  const fields = { namespace, part: part.file, count: quarantine.lineCount, documents };
  return [{ kind: "note", code: "documents-not-taken", fields }];
}
