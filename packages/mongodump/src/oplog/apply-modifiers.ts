import { ReasonError } from "@firebreak/archive";
import {
  BSON_TYPE,
  documentOf,
  elementsOf,
  isNested,
  nullElement,
  renamed,
  type Element,
} from "../elements.ts";
import { dumpReason } from "../mongodump-reasons.ts";

/** The most elements by which a server lengthens an array (server source, `kMaxPaddingAllowed`). */
const MAX_PADDING = 1_500_000;
const INDEX = /^(?:0|[1-9]\d*)$/;

/**
 * Applies an update entry of oplog version 1, `{ $v: 1, $set: …, $unset: … }`, also without `$v`, as servers
 * before 3.6 wrote it.
 *
 * Paths have dots. Missing documents on a path are created, and arrays are filled up with nulls. A path
 * through a value that is no document is ignored, as in a server that applies an oplog: a later entry put
 * that value there.
 *
 * @throws Error for a modifier that no oplog has.
 */
export function applyModifiers(document: Buffer, modifiers: readonly Element[]): Buffer {
  let fields = elementsOf(document);
  for (const modifier of modifiers) {
    if (modifier.name === "$v") continue;
    if (!isModifier(modifier.name) || modifier.type !== BSON_TYPE.object)
      throw new ReasonError(dumpReason("modifier-unknown", { name: modifier.name }));
    for (const { name: path, ...value } of elementsOf(modifier.value))
      fields =
        modifier.name === "$set"
          ? withValue(fields, path.split("."), value, false)
          : withoutValue(fields, path.split("."), false);
  }
  return documentOf(fields);
}

function isModifier(name: string): boolean {
  return name === "$set" || name === "$unset";
}

/** @returns the same fields if the path leads nowhere. */
function withValue(
  fields: Element[],
  [name = "", ...rest]: readonly string[],
  value: Omit<Element, "name">,
  isArray: boolean,
): Element[] {
  const at = fields.findIndex((f) => f.name === name);
  const old = fields[at];
  if (old === undefined) {
    const fresh = renamed(rest.length === 0 ? value : nestedValue(rest, value), name);
    return isArray ? withPadding(fields, fresh) : [...fields, fresh];
  }
  if (rest.length === 0) return fields.with(at, renamed(value, name));
  if (!isNested(old)) return fields;
  const inner = withValue(elementsOf(old.value), rest, value, old.type === BSON_TYPE.array);
  return fields.with(at, { ...old, value: documentOf(inner) });
}

/** Returns nested documents, one for each name of a path, with the value in the innermost. */
function nestedValue(path: readonly string[], value: Omit<Element, "name">): Omit<Element, "name"> {
  return path.reduceRight<Omit<Element, "name">>(
    (inner, name) => ({ type: BSON_TYPE.object, value: documentOf([renamed(inner, name)]) }),
    value,
  );
}

function withPadding(values: Element[], fresh: Element): Element[] {
  if (!INDEX.test(fresh.name)) return values;
  const padding = Number(fresh.name) - values.length;
  if (padding > MAX_PADDING) return values;
  return [
    ...values,
    ...Array.from({ length: padding }, (_, i) => nullElement(String(values.length + i))),
    fresh,
  ];
}

/** An element of an array is not removed but becomes null (manual, "$unset"). */
function withoutValue(
  fields: Element[],
  [name = "", ...rest]: readonly string[],
  isArray: boolean,
): Element[] {
  const at = fields.findIndex((f) => f.name === name);
  const old = fields[at];
  if (old === undefined) return fields;
  if (rest.length === 0) return isArray ? fields.with(at, nullElement(name)) : fields.toSpliced(at, 1);
  if (!isNested(old)) return fields;
  const inner = withoutValue(elementsOf(old.value), rest, old.type === BSON_TYPE.array);
  return fields.with(at, { ...old, value: documentOf(inner) });
}
