import type { LineBuffer } from "../line-buffer.ts";
import type { LineCursor } from "./line-cursor.ts";

const QUOTE = 0x22;
const EQUALS = 0x3d;

/** Up to this many characters a loop is faster than native calls. */
const FEW = 64;
/**
 * The number of characters for one native call. Texts of this size stay in V8's young generation, where
 * freeing them costs nothing.
 */
const MANY = 1 << 16;

const SIXTH = new Int8Array(256).fill(-1);
[..."ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/"].forEach((letter, value) => {
  SIXTH[letter.charCodeAt(0)] = value;
});

/**
 * Reads base64 up to the quote that ends it, exactly as RFC 4648 (section 4) spells the bytes: padded, unused
 * bits zero.
 */
export function readBase64(line: LineCursor, out: LineBuffer): void {
  const { source } = line;
  const stop = line.at + FEW;
  out.reserve(FEW);
  const { bytes } = out;
  let { at } = line;
  let to = out.at;
  for (; at < stop; at += 4) {
    const a = SIXTH[source[at]!]!;
    const b = SIXTH[source[at + 1]!]!;
    const c = SIXTH[source[at + 2]!]!;
    const d = SIXTH[source[at + 3]!]!;
    if ((a | b | c | d) < 0) break;
    bytes[to++] = (a << 2) | (b >> 4);
    bytes[to++] = (b << 4) | (c >> 2);
    bytes[to++] = (c << 6) | d;
  }
  line.at = at;
  out.at = to;
  if (at === stop) readMany(line, out);
  else if (source[at] !== QUOTE) readPadded(line, out);
}

/** Reads the last one or two bytes and their padding. */
function readPadded(line: LineCursor, out: LineBuffer): void {
  const { source, at } = line;
  const a = SIXTH[source[at]!]!;
  const b = SIXTH[source[at + 1]!]!;
  const isOne = source[at + 2] === EQUALS;
  const c = isOne ? 0 : SIXTH[source[at + 2]!]!;
  const unused = isOne ? b & 15 : c & 3;
  if (!((a | b | c) >= 0) || source[at + 3] !== EQUALS || unused !== 0) notBase64(line);
  out.byte((a << 2) | (b >> 4));
  if (!isOne) out.byte((b << 4) | (c >> 2));
  line.at = at + 4;
}

function readMany(line: LineCursor, out: LineBuffer): void {
  const { source } = line;
  const end = source.indexOf(QUOTE, line.at);
  if (end < 0 || end >= line.end) line.fail("quote-missing", line.end);
  while (line.at < end) {
    const stop = Math.min(line.at + MANY, end);
    const text = source.toString("latin1", line.at, stop);
    const from = out.at;
    out.reserve(text.length);
    out.at += out.bytes.write(text, from, "base64");
    // The native decoder skips anything that is not base64. Padding may follow only the very last characters.
    if (out.bytes.toString("base64", from, out.at) !== text) notBase64(line);
    if (stop < end && (out.at - from) % 3 !== 0) notBase64(line);
    line.at = stop;
  }
}

function notBase64(line: LineCursor): never {
  line.fail("base64");
}
