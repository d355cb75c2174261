import type { ReportedValue } from "@firebreak/target";

/** The number of characters or hex digits of a value to show, and of those before the first difference. */
const SHOWN = 60;
const SHOWN_BEFORE = 20;

/** Control and shapeless characters, and white space that looks like a space or like nothing. */
const INVISIBLE = /[\p{C}\p{Zl}\p{Zp}]|(?! )\p{Zs}/u;
const NAMED: Readonly<Record<string, string>> = {
  "\n": "\\n",
  "\r": "\\r",
  "\t": "\\t",
};

/** Returns a text on one line. Characters that are invisible or move the cursor are escaped. */
export function visibleText(text: string): string {
  return Array.from(text, (character) => visible(character, false)).join("");
}

/**
 * Characters that move a terminal's cursor, change its colours or reverse text. Line ends are left out,
 * because they belong to the message.
 */
const STEERING = /[^\P{Cc}\n]|\p{Bidi_Control}/gu;

/** Makes a text safe for a terminal. It may contain names from a server or a file. */
export function printable(text: string): string {
  return text.replace(STEERING, (character) => visible(character, false));
}

/**
 * Returns a value on one line: text in quotes, bytes as 0x…, numbers, JSON and NULL without quotes.
 *
 * @param type the column's type, or `json` for a document's field.
 */
export function visibleValue(value: ReportedValue, type: string): string {
  return shown(value, type, 0, false);
}

/** Returns two differing values. Long ones both begin at the same place, shortly before they differ. */
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
  // A letter may be one character in one value and two in the other. Both look the same.
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

/** Returns the hex digits of bytes, or the characters of any other value. */
function charactersOf(value: ReportedValue, type: string): string[] {
  if (value === null) return [];
  const text = typeof value === "string" ? value : value.piece;
  return Array.from(isBinary(type) ? text.slice(2) : text);
}

function visible(character: string, isAsciiOnly: boolean): string {
  // An escaped character must not look like text that has this escape literally.
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
