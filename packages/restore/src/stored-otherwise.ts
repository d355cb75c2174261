import type { LedgerPart } from "@firebreak/mongodb";
import type { RestoreEvent } from "./restore-notes.ts";

/** Reports once for each collection how the server changes its documents when it stores them. */
export function* storedOtherwise(
  written: Iterable<readonly [{ readonly namespace: string }, readonly LedgerPart[]]>,
): Generator<RestoreEvent> {
  for (const [{ namespace }, parts] of written) {
    const sum = (count: "movedIds" | "madeIds"): number =>
      parts.reduce((n, part) => n + (part[count] ?? 0), 0);
    const [moved, made] = [sum("movedIds"), sum("madeIds")];
    if (moved + made > 0)
      yield { kind: "note", code: "stored-otherwise", fields: { namespace, moved, made } };
  }
}
