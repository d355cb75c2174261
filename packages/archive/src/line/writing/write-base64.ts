import type { LineBuffer } from "../line-buffer.ts";

/** Up to this many bytes a loop is faster than native calls. */
const FEW = 240;
/**
 * The number of bytes for one native call, a multiple of three. Otherwise the text of a huge binary would be
 * in memory beside it.
 */
const MANY = 48 * 1024;

const LETTERS = Buffer.from("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/", "latin1");
const EQUALS = 0x3d;

/** Writes bytes as base64 (RFC 4648, section 4), padded. */
export function writeBase64(out: LineBuffer, source: Buffer, start: number, end: number): void {
  if (end - start > FEW) {
    for (let from = start; from < end; from += MANY)
      out.ascii(source.toString("base64", from, Math.min(from + MANY, end)));
    return;
  }
  out.reserve(Math.ceil((end - start) / 3) * 4);
  const { bytes } = out;
  let { at } = out;
  let from = start;
  for (; from + 2 < end; from += 3) {
    const bits = (source[from]! << 16) | (source[from + 1]! << 8) | source[from + 2]!;
    bytes[at++] = LETTERS[bits >> 18]!;
    bytes[at++] = LETTERS[(bits >> 12) & 63]!;
    bytes[at++] = LETTERS[(bits >> 6) & 63]!;
    bytes[at++] = LETTERS[bits & 63]!;
  }
  if (from < end) {
    const second = from + 1 < end ? source[from + 1]! : 0;
    bytes[at++] = LETTERS[source[from]! >> 2]!;
    bytes[at++] = LETTERS[((source[from]! & 3) << 4) | (second >> 4)]!;
    bytes[at++] = from + 1 < end ? LETTERS[(second & 15) << 2]! : EQUALS;
    bytes[at++] = EQUALS;
  }
  out.at = at;
}
