/**
 * What a value is, as far as columns care. `nested` is a sub-document or an
 * array; `other` has no column: Timestamp, Regex, Code, Symbol, DBPointer,
 * MinKey, MaxKey, Undefined, and Binary of any subtype but 0.
 */
export type Kind =
  | "null"
  | "int32"
  | "int64"
  | "double"
  | "decimal"
  | "boolean"
  | "string"
  | "date"
  | "objectId"
  | "binary"
  | "nested"
  | "other";

/** A parsed value of canonical Extended JSON. */
export type Value = null | boolean | string | readonly Value[] | { readonly [name: string]: Value };

/** The kind of a parsed value. A real sub-document never begins with a wrapper's name: its document would be a raw line. */
export function kindOf(value: Value): Kind {
  switch (typeof value) {
    case "string":
      return "string";
    case "boolean":
      return "boolean";
  }
  if (value === null) return "null";
  if (Array.isArray(value)) return "nested";
  for (const name in value) return name.charCodeAt(0) === 0x24 ? wrappedKind(name, value) : "nested";
  return "nested";
}

function wrappedKind(name: string, value: object): Kind {
  switch (name) {
    case "$numberInt":
      return "int32";
    case "$numberLong":
      return "int64";
    case "$numberDouble":
      return "double";
    case "$numberDecimal":
      return "decimal";
    case "$date":
      return "date";
    case "$oid":
      return "objectId";
    case "$binary":
      return (value as { $binary: { subType: string } }).$binary.subType === "00" ? "binary" : "other";
    case "$symbol":
    case "$code":
    case "$timestamp":
    case "$regularExpression":
    case "$dbPointer":
    case "$minKey":
    case "$maxKey":
    case "$undefined":
      return "other";
    default:
      return "nested";
  }
}

/** What a wrapper holds, for the kinds whose wrapper holds one string. */
export function wrapped(
  value: Value,
  name: "$numberInt" | "$numberLong" | "$numberDouble" | "$numberDecimal" | "$oid",
): string {
  return (value as Record<string, string>)[name]!;
}

export function base64Of(value: Value): string {
  return (value as { $binary: { base64: string } }).$binary.base64;
}

/** Bytes that base64 text stands for. */
export function base64Bytes(base64: string): number {
  const padding = base64.endsWith("==") ? 2 : base64.endsWith("=") ? 1 : 0;
  return (base64.length / 4) * 3 - padding;
}

/** Milliseconds since 1970 in decimal; any 64-bit number. */
export function dateText(value: Value): string {
  return (value as { $date: { $numberLong: string } }).$date.$numberLong;
}
