import { HEX_DIGIT, type LineCursor } from "./line-cursor.ts";
import type { LineBuffer } from "../line-buffer.ts";

/** The number of source bytes between two checks of the free room. */
const STRIDE = 4096;
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** 1 for a byte that is copied unchanged: all but control characters, quote and backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[QUOTE] = 0;
PLAIN[BACKSLASH] = 0;

/** The byte for the letter after a backslash; 0xff if JSON.stringify writes no such escape. */
const ESCAPED = new Uint8Array(256).fill(0xff);
const HAS_LETTER = new Uint8Array(32);
for (const [letter, byte] of [
  ["b", 0x08],
  ["t", 0x09],
  ["n", 0x0a],
  ["f", 0x0c],
  ["r", 0x0d],
  ['"', QUOTE],
  ["\\", BACKSLASH],
] as const) {
  ESCAPED[letter.charCodeAt(0)] = byte;
  if (byte < 32) HAS_LETTER[byte] = 1;
}

/**
 * Reads a JSON string with its quotes and writes its bytes. It accepts only the escapes that JSON.stringify
 * writes, so that a text has one spelling. When the line has been read, the caller must check that bytes
 * above 0x7f are UTF-8.
 *
 * @returns true if the bytes contain a zero: names and patterns cannot hold one.
 */
export function readString(line: LineCursor, out: LineBuffer): boolean {
  const { source, end } = line;
  if (source[line.at] !== QUOTE) line.fail("string-missing");
  let from = line.at + 1;
  let anyBits = 0;
  let hasZero = false;
  while (from < end) {
    const stop = from + STRIDE < end ? from + STRIDE : end;
    out.reserve(stop - from);
    const { bytes } = out;
    let { at } = out;
    while (from < stop) {
      const byte = source[from]!;
      if (PLAIN[byte] === 1) {
        anyBits |= byte;
        bytes[at++] = byte;
        from++;
      } else if (byte === BACKSLASH) {
        let escaped = ESCAPED[source[from + 1]!]!;
        from += 2;
        if (escaped === 0xff) {
          escaped = readControl(line, from - 2);
          from += 4;
        }
        hasZero ||= escaped === 0;
        bytes[at++] = escaped;
      } else {
        if (byte !== QUOTE) line.fail("control-character", from);
        out.at = at;
        line.at = from + 1;
        if (anyBits > 0x7f) line.isAscii = false;
        return hasZero;
      }
    }
    out.at = at;
  }
  line.fail("quote-missing", end);
}

/** Returns the control character of the \u00xx at `at`; one with a short escape has no such form. */
function readControl(line: LineCursor, at: number): number {
  const { source } = line;
  const high = source[at + 4]! - 0x30;
  const low = HEX_DIGIT[source[at + 5]!]!;
  const isForm = source[at + 1] === 0x75 && source[at + 2] === 0x30 && source[at + 3] === 0x30;
  if (!isForm || !(high === 0 || high === 1) || !(low >= 0) || HAS_LETTER[high * 16 + low] === 1)
    line.fail("escape", at);
  return high * 16 + low;
}
