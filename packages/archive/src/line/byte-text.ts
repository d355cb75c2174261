/**
 * Encodes text as byte text: a string that holds UTF-8 bytes, one unit (0 to 255) a byte.
 *
 * Transform moves values from lines to rows as byte text. Blocks become strings and strings become bytes
 * again by plain copies, a string has one byte a unit in any language, and no byte can change on the way,
 * even if it is not UTF-8. Only names and functions that count characters need the real text.
 */
export function toByteText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** Decodes byte text; bytes that are no UTF-8 become U+FFFD. */
export function fromByteText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
