import type { LineBuffer } from "../line-buffer.ts";

/** The number of source bytes between two checks of the free room; one byte becomes at most six. */
const STRIDE = 4096;

/** 1 for a byte that JSON does not escape: all but control characters, quote and backslash. */
const PLAIN = new Uint8Array(256).fill(1, 0x20);
PLAIN[0x22] = 0;
PLAIN[0x5c] = 0;

/** The letter after the backslash for bytes with a short escape, as JSON.stringify writes them. */
const SHORT = new Uint8Array(128);
for (const [byte, letter] of [
  [0x08, "b"],
  [0x09, "t"],
  [0x0a, "n"],
  [0x0c, "f"],
  [0x0d, "r"],
  [0x22, '"'],
  [0x5c, "\\"],
] as const)
  SHORT[byte] = letter.charCodeAt(0);

const HEX = Buffer.from("0123456789abcdef", "latin1");

/**
 * Writes bytes as a JSON string with its quotes, escaped exactly as JSON.stringify does. So a value that is
 * parsed and written again is the same text.
 *
 * Bytes above 0x7f clear `out.isAscii`. When the line is whole, the caller must check that it is UTF-8: one
 * native check is faster than one at every letter.
 */
export function writeString(out: LineBuffer, source: Uint8Array, start: number, end: number): void {
  out.byte(0x22);
  writeEscaped(out, source, start, end);
  out.byte(0x22);
}

/** Writes the string without quotes, so that the caller may write it in pieces, cut anywhere. */
export function writeEscaped(out: LineBuffer, source: Uint8Array, start: number, end: number): void {
  let from = start;
  let anyBits = 0;
  while (from < end) {
    const stop = from + STRIDE < end ? from + STRIDE : end;
    out.reserve((stop - from) * 6);
    const { bytes } = out;
    let { at } = out;
    for (; from < stop; from++) {
      const byte = source[from]!;
      if (PLAIN[byte] === 1) {
        anyBits |= byte;
        bytes[at++] = byte;
        continue;
      }
      const short = SHORT[byte]!;
      bytes[at++] = 0x5c;
      if (short !== 0) bytes[at++] = short;
      else {
        bytes[at++] = 0x75;
        bytes[at++] = 0x30;
        bytes[at++] = 0x30;
        bytes[at++] = HEX[byte >> 4]!;
        bytes[at++] = HEX[byte & 15]!;
      }
    }
    out.at = at;
  }
  if (anyBits > 0x7f) out.isAscii = false;
}
