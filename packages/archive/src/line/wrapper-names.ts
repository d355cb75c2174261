/**
 * The names that turn an object in canonical Extended JSON into a value of another type. A real sub-document
 * with one of these names would be read back as that value, so its document becomes a raw line. Source: the
 * Extended JSON v2 specification; `$ref`, `$id` and `$db` (DBRef) are ordinary names there, `$firebreak` is
 * our own.
 */
export const WRAPPER_NAMES: ReadonlySet<string> = new Set([
  "$oid",
  "$symbol",
  "$numberInt",
  "$numberLong",
  "$numberDouble",
  "$numberDecimal",
  "$binary",
  "$uuid",
  "$code",
  "$scope",
  "$timestamp",
  "$regularExpression",
  "$dbPointer",
  "$date",
  "$minKey",
  "$maxKey",
  "$undefined",
  "$firebreak",
]);
