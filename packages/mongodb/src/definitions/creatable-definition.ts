import { BSON, Decimal128, Double, Int32, Long } from "mongodb";
import { mapOf } from "../driver/bson-map.ts";
import { isIdIndex } from "./compare-definitions.ts";
import type { Definition } from "./definition.ts";
import { isOn, normalIndex } from "./normal-definition.ts";
import { INDEX_SWITCHES, isCollectionOption, isIndexKind, isIndexOption } from "./option-tables.ts";

type Fields = Map<string, unknown>;

/** Versions of indexes that servers still create. */
const INDEX_VERSIONS: ReadonlySet<number> = new Set([1, 2]);

/** The most seconds that a TTL index takes (manual, "TTL Indexes"). */
const MAX_SECONDS = 2_147_483_647;

/** The fields that `create` accepts for the index on `_id`. */
const ID_INDEX_FIELDS: ReadonlySet<string> = new Set(["v", "key", "name", "collation"]);

/** A part of a definition that is left out because the server refuses it. */
export interface LeftBehind {
  /** `index` if the whole index is left out, otherwise the option. */
  readonly kind: "option" | "index" | "index-option";
  /** The option's name. If the whole index is left out, the index's name. */
  readonly name: string;
  /** The index that the option belongs to. */
  readonly index?: string;
}

export interface CreatableDefinition extends Definition {
  readonly leftBehind: readonly LeftBehind[];
}

/**
 * Returns a definition in the form that a server of that version accepts.
 *
 * Options that older servers accepted and newer ones refuse are written as the older ones understood them, or
 * are left out and reported. So nobody has to change the archive, or the dump it came from, by hand.
 */
export function creatableDefinition({ options, indexes }: Definition, version: string): CreatableDefinition {
  const leftBehind: LeftBehind[] = [];
  const created = new Map<string, Buffer>();
  for (const index of indexes) {
    const map = mapOf(index);
    const made = isIdIndex(index) ? idIndex(map) : creatableIndex(map, version, leftBehind);
    if (made === undefined) continue;
    // After their keys are normalised, two indexes of an old server may be the same, and no server creates it
    // twice.
    const identity = normalIndex(new Map([...made, ["name", ""]]));
    if (created.has(identity)) leftBehind.push({ kind: "index", name: String(map.get("name")) });
    else created.set(identity, encoded(made, map, index));
  }
  return {
    options: encodedOptions(options, version, leftBehind),
    indexes: [...created.values()],
    leftBehind,
  };
}

function encodedOptions(options: Buffer, version: string, leftBehind: LeftBehind[]): Buffer {
  const map = mapOf(options);
  const kept = new Map<string, unknown>();
  for (const [name, value] of map)
    if (name === "storageEngine" && isFields(value) && value.has("mmapv1")) {
      // A server refuses settings of an engine that it does not have, and MMAPv1 is gone since 4.2.
      leftBehind.push({ kind: "option", name: "storageEngine.mmapv1" });
      const others = [...value].filter(([engine]) => engine !== "mmapv1");
      if (others.length > 0) kept.set(name, new Map(others));
    } else if (isCollectionOption(name, version)) kept.set(name, value);
    else if (name !== "autoIndexId" || !isOn(value)) leftBehind.push({ kind: "option", name });
  return encoded(kept, map, options);
}

function keyOf(index: Fields): Fields {
  const key = index.get("key");
  return isFields(key) ? key : new Map();
}

/** `mapOf` turns a document inside of another into a map of its fields. */
function isFields(value: unknown): value is Fields {
  return value instanceof Map;
}

/** Returns the index on `_id`. There is only one, and its options are the same on every server. */
function idIndex(index: Fields): Fields {
  const kept = new Map([...index].filter(([name]) => ID_INDEX_FIELDS.has(name)));
  if (!hasVersion(kept)) kept.delete("v");
  const [[field, value] = []] = keyOf(kept);
  if (field !== "_id" || numberOf(value) !== 1) kept.set("key", new Map([["_id", new Int32(1)]]));
  return kept;
}

/** Returns an index that the server accepts. Undefined if servers have no such kind of index. */
function creatableIndex(index: Fields, version: string, leftBehind: LeftBehind[]): Fields | undefined {
  const key = keyOf(index);
  const converted = new Map([...key].map(([field, value]) => [field, keyValue(value)]));
  const creatable = [...key].every(([field, value]) => converted.get(field) === value) ? key : converted;
  const name = nameOf(index, creatable);
  const kinds = [...creatable.values()].filter((value) => typeof value === "string");
  if (creatable.size === 0 || kinds.some((kind) => !isIndexKind(kind, version))) {
    leftBehind.push({ kind: "index", name: name });
    return undefined;
  }
  const kept: Fields = new Map();
  for (const [option, value] of new Map([...index, ["key", creatable], ["name", name]])) {
    if (INDEX_SWITCHES.has(option) && isIndexOption(option, version)) kept.set(option, switchValue(value));
    else if (isTaken(option, value, creatable, version)) kept.set(option, value);
    else if (option !== "ns" && option !== "dropDups")
      leftBehind.push({ kind: "index-option", name: option, index: name });
  }
  return kept;
}

/** Returns the index's own name, or the one that a server gives to an index without a name. */
function nameOf(index: Fields, key: Fields): string {
  const name = index.get("name");
  if (typeof name === "string" && name !== "") return name;
  return [...key].map(([field, value]) => `${field}_${String(value)}`).join("_");
}

function isTaken(option: string, value: unknown, key: Fields, version: string): boolean {
  switch (option) {
    case "v":
      return INDEX_VERSIONS.has(numberOf(value) ?? 2);
    case "expireAfterSeconds": {
      const seconds = numberOf(value) ?? -1;
      return seconds >= 0 && seconds <= MAX_SECONDS && key.size === 1 && !key.has("_id");
    }
    default:
      return isIndexOption(option, version);
  }
}

function hasVersion(index: Fields): boolean {
  return !index.has("v") || INDEX_VERSIONS.has(numberOf(index.get("v")) ?? 2);
}

/** Keeps a number or the name of a kind of index. Servers before 3.4 read everything else, also 0, as 1. */
function keyValue(value: unknown): unknown {
  if (typeof value === "string" && value !== "") return value;
  const number = numberOf(value);
  return number === undefined || number === 0 || Number.isNaN(number) ? new Int32(1) : value;
}

function switchValue(value: unknown): unknown {
  return typeof value === "boolean" ? value : isOn(value);
}

function numberOf(value: unknown): number | undefined {
  if (value instanceof Int32 || value instanceof Double) return value.valueOf();
  if (value instanceof Long) return value.toNumber();
  return value instanceof Decimal128 ? Number(value.toString()) : undefined;
}

/** Returns the original bytes if nothing was changed. */
function encoded(made: Fields, from: Fields, bytes: Buffer): Buffer {
  const isSame = made.size === from.size && [...made].every(([name, value]) => from.get(name) === value);
  return isSame ? bytes : Buffer.from(BSON.serialize(made));
}
