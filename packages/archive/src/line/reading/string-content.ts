import { fromByteText, toByteText } from "../byte-text.ts";

/**
 * The size of the pieces in which longer contents are unescaped. JSON.parse needs several times the memory of
 * its text, and texts of this size stay in V8's young generation, where freeing them costs nothing.
 */
const PIECE = 1 << 15;

/** An escape that the end of a piece cuts, or a first surrogate whose second is to follow. */
const CUT_ESCAPE = /(?:\\u[dD][89abAB][0-9a-fA-F]{2})?(?:\\(?:u[0-9a-fA-F]{0,3})?)?$/;

/** The length of the longest text that `CUT_ESCAPE` can find, and a backslash before it. */
const TAIL = 12;

/**
 * Returns the string for the content between its quotes, both in byte text.
 *
 * @param pieceBytes at least 16.
 */
export function stringOf(content: string, pieceBytes: number = PIECE): string {
  if (!content.includes("\\")) return content;
  if (content.length <= pieceBytes) return unescaped(content);
  let string = "";
  for (const piece of pieces(content, pieceBytes)) string += piece;
  return string;
}

/** Returns the number of bytes of that string, without having the whole string in memory. */
export function stringLength(content: string): number {
  if (!content.includes("\\")) return content.length;
  let length = 0;
  for (const piece of pieces(content, PIECE)) length += piece.length;
  return length;
}

function* pieces(content: string, pieceBytes: number): Generator<string> {
  for (let at = 0; at < content.length;) {
    const end = at + pieceBytes < content.length ? pieceEnd(content, at + pieceBytes) : content.length;
    yield unescaped(content.slice(at, end));
    at = end;
  }
}

/**
 * Returns the end of a piece that would end at `end`: it lies before any escape or character that `end` would
 * cut.
 */
function pieceEnd(content: string, end: number): number {
  let at = end;
  while ((content.charCodeAt(at) & 0xc0) === 0x80) at--;
  let backslashes = 0;
  const tail = content.slice(at - TAIL, at);
  const cut = CUT_ESCAPE.exec(tail)!.index;
  // A backslash after an odd number of others is escaped itself, and begins no escape.
  for (let i = at - TAIL + cut - 1; content.charCodeAt(i) === 0x5c; i--) backslashes++;
  return backslashes % 2 === 0 ? at - TAIL + cut : at - TAIL + cut + 1;
}

function unescaped(content: string): string {
  return toByteText(String(JSON.parse(`"${fromByteText(content)}"`)));
}
