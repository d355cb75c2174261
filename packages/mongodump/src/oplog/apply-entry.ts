import { ReasonError } from "@firebreak/archive";
import { applyDiff } from "./apply-diff.ts";
import { applyModifiers } from "./apply-modifiers.ts";
import { documentOf, elementIn, integerOf, type Element } from "./elements.ts";
import type { OplogEntry } from "./oplog-entry.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/** True if an entry contains the whole new state of the document: an insert, a replacement or a delete. */
export function isWhole({ op, o }: OplogEntry): boolean {
  return op !== "u" || o[0]?.name.startsWith("$") !== true;
}

/**
 * Applies an entry that changes a document.
 *
 * @param document may be undefined if the entry is whole.
 * @returns undefined if the entry deletes the document.
 * @throws Error for an unknown kind of update, or if there is no document to update.
 */
export function applyEntry(document: Buffer | undefined, entry: OplogEntry): Buffer | undefined {
  switch (entry.op) {
    case "i":
      return documentOf(entry.o);
    case "d":
      return undefined;
    default:
      if (isWhole(entry)) return replacementOf(entry);
      if (document === undefined) throw new ReasonError(dumpReason("updated-missing", { isOfDump: false }));
      return updated(document, entry.o);
  }
}

/** Returns a replacement with its `_id` first, where the server puts it. The entry may have it elsewhere. */
function replacementOf({ o, id }: OplogEntry): Buffer {
  return documentOf([elementIn(o, "_id") ?? id!, ...o.filter(({ name }) => name !== "_id")]);
}

function updated(document: Buffer, update: readonly Element[]): Buffer {
  const version = elementIn(update, "$v");
  const diff = elementIn(update, "diff");
  switch (version === undefined ? 1 : integerOf(version)) {
    case 1:
      return applyModifiers(document, update);
    case 2:
      if (diff === undefined) throw new ReasonError(dumpReason("update-without-diff"));
      return applyDiff(document, diff.value);
    default:
      throw new ReasonError(dumpReason("update-version", { version: integerOf(version!) }));
  }
}
