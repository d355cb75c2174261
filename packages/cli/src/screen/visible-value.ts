import type { ReportedValue } from "@firebreak/checksum";

/** Characters, or hex digits, that are shown of a value; and of those how many before the first that differs. */
const SHOWN = 60;
const SHOWN_BEFORE = 20;

/** Controls, what has no shape, and white space that looks like a space or like nothing. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NAMED: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Text on one line, as it is but for what nobody would see or what moves the cursor. */
export function visibleText(text: string): string {
  return Array.from(text, (character) => visible(character, false)).join("");
}

/** What moves a terminal's cursor, changes its colours or turns text round; line ends are the message's own. */
const STEERING = /[^\P{Cc}\n]|\p{Bidi_Control}/gu;

/** A text that may have been made of names from a server or a file, as it can go to a terminal. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => visible(character, false));
}

/**
 * A value on one line: text in quotes, bytes as 0x…, numbers and JSON bare, NULL
 * a bare word. `type` is the column's; of a document's field it is `json`.
 */
export function visibleValue(value: ReportedValue, type: string): string {
  return shown(value, type, 0, false);
}

/** Two values that differ, so that the eye can see where: from about the first difference on, in the same places. */
export function visiblePair(
  expected: ReportedValue,
  found: ReportedValue,
  type: string,
): readonly [expected: string, found: string] {
  const [a, b] = [charactersOf(expected, type), charactersOf(found, type)];
  let at = 0;
  if (expected !== null && found !== null) while (at < a.length && a[at] === b[at]) at++;
  const isLong = a.length > SHOWN || b.length > SHOWN;
  const start = isLong ? Math.max(0, at - SHOWN_BEFORE) : 0;
  // Letters that are one character here and two there look the same.
  const isForm = a.join("").normalize("NFKC") === b.join("").normalize("NFKC");
  return [shown(expected, type, start, isForm), shown(found, type, start, isForm)];
}

function shown(value: ReportedValue, type: string, start: number, isAsciiOnly: boolean): string {
  if (value === null) return type === "json" ? "nothing" : "NULL";
  const all = charactersOf(value, type);
  const piece = all.slice(start, start + SHOWN);
  const [from, bytes] = typeof value === "string" ? [0, byteLength(value, type)] : [value.from, value.bytes];
  const isBefore = start > 0 || from > 0;
  const isAfter =
    all.length > start + SHOWN ||
    (typeof value !== "string" && value.from + byteLength(value.piece, type) < value.bytes);
  const cut = (text: string): string => `${isBefore ? "…" : ""}${text}${isAfter ? "…" : ""}`;
  const text = isBinary(type)
    ? `0x${cut(piece.join(""))}`
    : isText(type)
      ? cut(`"${piece.map((c) => visible(c, isAsciiOnly)).join("")}"`)
      : cut(piece.map((c) => visible(c, isAsciiOnly)).join(""));
  if ((!isBefore && !isAfter) || type === "json") return text;
  return `${text} (${bytes.toLocaleString("en-US")} bytes)`;
}

/** Hex digits of bytes, characters of all else. */
function charactersOf(value: ReportedValue, type: string): string[] {
  if (value === null) return [];
  const text = typeof value === "string" ? value : value.piece;
  return Array.from(isBinary(type) ? text.slice(2) : text);
}

function visible(character: string, isAsciiOnly: boolean): string {
  // What was escaped and what reads so by itself must not look the same.
  if (character === "\\" && isAsciiOnly) return "\\\\";
  const named = NAMED[character];
  if (named !== undefined) return named;
  const code = character.codePointAt(0)!;
  return INVISIBLE.test(character) || (isAsciiOnly && code > 0x7e) ? `\\u{${code.toString(16)}}` : character;
}

function byteLength(text: string, type: string): number {
  return isBinary(type) ? (text.length - 2) / 2 : Buffer.byteLength(text);
}

function isBinary(type: string): boolean {
  return /blob|binary/.test(type);
}

function isText(type: string): boolean {
  return /char|text/.test(type);
}
