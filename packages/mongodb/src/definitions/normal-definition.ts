import { BSON, Double, Int32, Long } from "mongodb";
import { lineText } from "../driver/namespaces.ts";
import { INDEX_SWITCHES } from "./option-tables.ts";

type Fields = ReadonlyMap<string, unknown>;

/** Options whose own fields may come in any order. */
const UNORDERED: ReadonlySet<string> = new Set([
  "changeStreamPreAndPostImages",
  "clusteredIndex",
  "collation",
  "indexOptionDefaults",
  "storageEngine",
  "timeseries",
  "weights",
]);

/** Default values that some servers list and others leave out. */
const DEFAULT_OPTIONS: Readonly<Record<string, unknown>> = {
  autoIndexId: true,
  capped: false,
  validationAction: "error",
  validationLevel: "strict",
};

/** Fields that say nothing about a collection on any server that is compared. */
const IDLE_OPTIONS: ReadonlySet<string> = new Set(["flags"]);
/** Options that say only how an index was built, and which documents were dropped then. */
const IDLE_INDEX_OPTIONS: ReadonlySet<string> = new Set(["ns", "background", "dropDups"]);

/** Returns a text that is equal for two collections if, and only if, their options mean the same. */
export function normalOptions(options: Fields): string {
  return normalText(
    [...options].filter(
      ([name, value]) =>
        !IDLE_OPTIONS.has(name) && !(Object.hasOwn(DEFAULT_OPTIONS, name) && DEFAULT_OPTIONS[name] === value),
    ),
  );
}

/** Returns such a text for an index. An index without a version has the newest, which is 2. */
export function normalIndex(index: Fields): string {
  const fields = [...index].flatMap(([name, value]): [string, unknown][] => {
    if (IDLE_INDEX_OPTIONS.has(name)) return [];
    if (!INDEX_SWITCHES.has(name)) return [[name, value]];
    return isOn(value) ? [[name, true]] : [];
  });
  return normalText(index.has("v") ? fields : [...fields, ["v", new Int32(2)]]);
}

/** True if the value of an on/off option counts as on, by the rules of servers before 3.4. */
export function isOn(value: unknown): boolean {
  if (value === null || value === undefined) return false;
  if (value instanceof Int32 || value instanceof Double) return value.valueOf() !== 0;
  if (value instanceof Long) return !value.isZero();
  return value !== false;
}

function normalText(fields: readonly (readonly [string, unknown])[]): string {
  const normal = fields.map(([name, value]): [string, unknown] => {
    const one = normalValue(value);
    return [name, UNORDERED.has(name) && one instanceof Map ? sorted([...one]) : one];
  });
  return lineText(Buffer.from(BSON.serialize(sorted(normal))));
}

function sorted(fields: readonly (readonly [string, unknown])[]): Map<string, unknown> {
  return new Map(fields.toSorted(([a], [b]) => (a < b ? -1 : 1)));
}

/** Turns numbers into doubles where that loses nothing: 1, 1.0 and NumberLong(1) are equal. */
function normalValue(value: unknown): unknown {
  if (value instanceof Int32) return new Double(value.value);
  if (value instanceof Long)
    return Number.isSafeInteger(value.toNumber()) ? new Double(value.toNumber()) : value;
  if (value instanceof Map)
    return new Map([...(value as Fields)].map(([name, inner]) => [name, normalValue(inner)]));
  return Array.isArray(value) ? value.map(normalValue) : value;
}
