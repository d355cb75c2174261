import { token } from "./line-buffer.ts";

// The texts of canonical Extended JSON around values, as bytes.
export const RAW: Uint8Array = token('{"$firebreak":{"bson":"');
export const END_END: Uint8Array = token('"}}');
export const DOUBLE: Uint8Array = token('{"$numberDouble":"');
export const END: Uint8Array = token('"}');
export const UNDEFINED: Uint8Array = token('{"$undefined":true}');
export const DATE: Uint8Array = token('{"$date":{"$numberLong":"');
export const INT32: Uint8Array = token('{"$numberInt":"');
export const TIMESTAMP: Uint8Array = token('{"$timestamp":{"t":');
export const INCREMENT: Uint8Array = token(',"i":');
export const INT64: Uint8Array = token('{"$numberLong":"');
export const DECIMAL128: Uint8Array = token('{"$numberDecimal":"');
export const MIN_KEY: Uint8Array = token('{"$minKey":1}');
export const MAX_KEY: Uint8Array = token('{"$maxKey":1}');
export const OBJECT_ID: Uint8Array = token('{"$oid":"');
export const BINARY: Uint8Array = token('{"$binary":{"base64":"');
export const SUB_TYPE: Uint8Array = token('","subType":"');
export const REGULAR_EXPRESSION: Uint8Array = token('{"$regularExpression":{"pattern":');
export const OPTIONS: Uint8Array = token(',"options":');
export const DB_POINTER: Uint8Array = token('{"$dbPointer":{"$ref":');
export const DB_POINTER_ID: Uint8Array = token(',"$id":');
export const CODE: Uint8Array = token('{"$code":');
export const SCOPE: Uint8Array = token(',"$scope":');
export const NULL: Uint8Array = token("null");
export const CLOSE_CLOSE: Uint8Array = token("}}");
export const CLOSE: Uint8Array = token("}");
export const TRUE: Uint8Array = token("true");
export const FALSE: Uint8Array = token("false");
export const SYMBOL: Uint8Array = token('{"$symbol":');

/**
 * The most levels of a document in text. Deeper documents become raw lines: servers stop at 180, and a
 * reader's stack must not be the limit.
 */
export const MAX_DEPTH = 200;

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
