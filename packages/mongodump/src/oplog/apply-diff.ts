import { ReasonError } from "@firebreak/archive";
import {
  BSON_TYPE,
  documentOf,
  elementIn,
  elementsOf,
  isNested,
  nullElement,
  renamed,
  type Element,
} from "../elements.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/** The change that a diff makes to one field of a document or one element of an array. */
type Change =
  | { readonly kind: "delete" }
  | { readonly kind: "value"; readonly element: Element; readonly isMovedToEnd: boolean }
  | { readonly kind: "diff"; readonly isArray: boolean; readonly diff: readonly Element[] };

/**
 * Applies an update entry of oplog version 2: the `diff` of `{ $v: 2, diff: … }`.
 *
 * A diff of a document has the sections `d` (deleted fields), `u` (new values in place), `i` (fields at the
 * end) and `sFIELD` (the diff of a nested value), in this order. A diff of an array has `a`, then `l` (the
 * new length), `uINDEX` and `sINDEX` (server source, `doc_diff.cpp` and `document_diff_applier.cpp`). If a
 * document already has the changes of a diff, applying it again may change the document only until a later
 * entry corrects that, as on a server.
 *
 * @throws Error for an unknown section.
 */
export function applyDiff(document: Buffer, diff: Buffer): Buffer {
  const sections = elementsOf(diff);
  if (isOfArray(sections)) throw new ReasonError(dumpReason("diff-of-array"));
  return documentOf(appliedToFields(elementsOf(document), sections));
}

function appliedToFields(fields: readonly Element[], sections: readonly Element[]): Element[] {
  const changes = changesOf(sections);
  const result: Element[] = [];
  const done = new Set<string>();
  for (const field of fields) {
    const change = changes.get(field.name);
    if (change === undefined) result.push(field);
    else if (change.kind === "value" && !change.isMovedToEnd) result.push(change.element);
    else if (change.kind === "diff") result.push(appliedToValue(field, change));
    if (change?.kind !== "value" || !change.isMovedToEnd) done.add(field.name);
  }
  for (const [name, change] of changes)
    if (change.kind === "value" && !done.has(name)) result.push(change.element);
  return result;
}

/** Returns the changes by field. */
function changesOf(sections: readonly Element[]): Map<string, Change> {
  const changes = new Map<string, Change>();
  for (const section of sections) {
    if (!isNested(section)) throw unknown(section);
    if (section.name.startsWith("s")) {
      changes.set(section.name.slice(1), nestedDiff(section));
      continue;
    }
    const fields = elementsOf(section.value);
    if (section.name === "d") for (const { name } of fields) changes.set(name, { kind: "delete" });
    else if (section.name === "u" || section.name === "i")
      for (const element of fields)
        changes.set(element.name, { kind: "value", element, isMovedToEnd: section.name === "i" });
    else throw unknown(section);
  }
  return changes;
}

function nestedDiff(section: Element): Change {
  if (section.type !== BSON_TYPE.object) throw unknown(section);
  const diff = elementsOf(section.value);
  return { kind: "diff", isArray: isOfArray(diff), diff };
}

function isOfArray([first]: readonly Element[]): boolean {
  return first?.name === "a" && first.type === BSON_TYPE.boolean;
}

/** Returns null for a value of another type: a later entry put it there, and is still to come. */
function appliedToValue(old: Element, { isArray, diff }: Extract<Change, { kind: "diff" }>): Element {
  if (old.type !== (isArray ? BSON_TYPE.array : BSON_TYPE.object)) return nullElement(old.name);
  const values = elementsOf(old.value);
  const value = documentOf(isArray ? appliedToArray(values, diff) : appliedToFields(values, diff));
  return { ...old, value };
}

function appliedToArray(values: readonly Element[], diff: readonly Element[]): Element[] {
  const length = elementIn(diff, "l");
  if (length !== undefined && length.type !== BSON_TYPE.int32) throw unknown(length);
  const changes = new Map<number, Change>();
  for (const section of diff.slice(1)) {
    if (section.name === "l") continue;
    const [, role, index] = /^([us])(\d+)$/.exec(section.name) ?? [];
    if (role === undefined) throw unknown(section);
    changes.set(
      Number(index),
      role === "s" ? nestedDiff(section) : { kind: "value", element: section, isMovedToEnd: false },
    );
  }
  const wanted = length?.value.readInt32LE();
  const end = Math.max(wanted ?? values.length, ...[...changes.keys()].map((index) => index + 1));
  return Array.from({ length: end }, (_, i) => {
    const name = String(i);
    // A shorter length removes the elements behind it, also those that have a change.
    const old = wanted === undefined || i < wanted ? values[i] : undefined;
    const change = changes.get(i);
    if (change?.kind === "value") return renamed(change.element, name);
    if (change === undefined) return old === undefined ? nullElement(name) : renamed(old, name);
    return change.kind === "diff" && old !== undefined
      ? appliedToValue(renamed(old, name), change)
      : nullElement(name);
  });
}

function unknown({ name }: Element): Error {
  return new ReasonError(dumpReason("diff-section-unknown", { name }));
}
