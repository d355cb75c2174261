/**
 * Byte text is a string that holds UTF-8 bytes, one unit (0 to 255) a byte.
 *
 * What transform moves from lines to rows it moves as such text: blocks become
 * strings and strings bytes again by plain copies, every string has one byte a
 * unit whatever its language, and no byte can change on the way, also none that
 * is no UTF-8. Only names and what counts characters need the real text.
 */
export function toByteText(text: string): string {
  return Buffer.from(text, "utf8").toString("latin1");
}

/** The text that byte text stands for; bytes that are no UTF-8 become U+FFFD. */
export function fromByteText(bytes: string): string {
  return Buffer.from(bytes, "latin1").toString("utf8");
}
