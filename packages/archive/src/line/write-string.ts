import type { LineBuffer } from "./line-buffer.ts";

/** Source bytes between two looks at the free room: six bytes out for one in at the worst. */
const STRIDE = 4096;

/** 1 for a byte that stands for itself in JSON: printable ASCII but quote and backslash. */
const PLAIN = new Uint8Array(256);
for (let byte = 0x20; byte < 0x80; byte++) PLAIN[byte] = 1;
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
 * Writes UTF-8 bytes as a JSON string with its quotes, escaped exactly as
 * JSON.stringify does: so a value that was parsed and written again is the same text.
 *
 * @returns false, with `out` in an undefined state, when the bytes are not valid UTF-8
 * (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
 */
export function writeString(out: LineBuffer, source: Uint8Array, start: number, end: number): boolean {
  let from = start;
  out.reserve(2);
  out.bytes[out.at++] = 0x22;
  while (from < end) {
    const stop = from + STRIDE < end ? from + STRIDE : end;
    out.reserve((stop - from) * 6 + 12);
    const bytes = out.bytes;
    let at = out.at;
    while (from < stop) {
      const byte = source[from]!;
      if (PLAIN[byte] === 1) {
        bytes[at++] = byte;
        from++;
      } else if (byte < 0x80) {
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
        from++;
      } else {
        const length = sequenceLength(source, from, end);
        if (length === 0) return false;
        for (let i = 0; i < length; i++) bytes[at++] = source[from++]!;
      }
    }
    out.at = at;
  }
  out.reserve(2);
  out.bytes[out.at++] = 0x22;
  return true;
}

/** The length of the well-formed multi-byte sequence at `from`, else 0 (Unicode table 3-7). */
function sequenceLength(source: Uint8Array, from: number, end: number): 0 | 2 | 3 | 4 {
  const lead = source[from]!;
  const second = from + 1 < end ? source[from + 1]! : 0;
  if (lead < 0xc2 || lead > 0xf4) return 0;
  if (lead < 0xe0) return isContinuation(second) ? 2 : 0;
  if (from + 2 >= end || !isContinuation(source[from + 2]!)) return 0;
  if (lead < 0xf0) {
    const low = lead === 0xe0 ? 0xa0 : 0x80;
    const high = lead === 0xed ? 0x9f : 0xbf;
    return second >= low && second <= high ? 3 : 0;
  }
  if (from + 3 >= end || !isContinuation(source[from + 3]!)) return 0;
  const low = lead === 0xf0 ? 0x90 : 0x80;
  const high = lead === 0xf4 ? 0x8f : 0xbf;
  return second >= low && second <= high ? 4 : 0;
}

function isContinuation(byte: number): boolean {
  return (byte & 0xc0) === 0x80;
}
