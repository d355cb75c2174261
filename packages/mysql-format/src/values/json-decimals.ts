/** A number inside a JSON document that MySQL stores as a DECIMAL. */
export interface JsonDecimal {
  /** A JSON path of MySQL (manual, 14.17.1): `$."price"`, `$[0]."a b"`. */
  readonly path: string;
  /** The number as it is spelled in the document. */
  readonly text: string;
}

/** A fraction, or more digits than a BIGINT has; no other number is a DECIMAL. */
const CANDIDATE = /\d\.\d|\d{19}/;
const NUMBER = /-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/y;

/** The most digits, in all and behind the point, of a DECIMAL (manual, 13.1.3). */
const MAX_DIGITS = 65;
const MAX_SCALE = 30;

const MIN_BIGINT = -(2n ** 63n);
const MAX_UNSIGNED = 2n ** 64n - 1n;

/**
 * Finds the DECIMALs of a JSON document as MySQL shows it. Only the text tells a DECIMAL from a DOUBLE, which
 * MySQL shows with the fewest digits that read back as the same bits: 1.50 is a DECIMAL, 1.5 is taken for a
 * DOUBLE.
 *
 * @param json text or byte text.
 */
export function jsonDecimals(json: string): JsonDecimal[] {
  if (!CANDIDATE.test(json)) return [];
  const found: JsonDecimal[] = [];
  // Each nesting level has one entry: the last quoted name read in an object, the position in an array.
  const legs: (string | number)[] = [];
  for (let at = 0; at < json.length;) {
    const last = legs.length - 1;
    const letter = json[at]!;
    if (letter === '"') {
      const end = endOfString(json, at);
      if (json[end] === ":") legs[last] = json.slice(at, end);
      at = end;
    } else if (letter === "-" || (letter >= "0" && letter <= "9")) {
      NUMBER.lastIndex = at;
      const text = NUMBER.exec(json)?.[0] ?? letter;
      if (isDecimal(text)) found.push({ path: pathOf(legs), text });
      at += text.length;
    } else {
      if (letter === "{") legs.push("");
      else if (letter === "[") legs.push(0);
      else if (letter === "}" || letter === "]") legs.pop();
      else if (letter === "," && typeof legs[last] === "number") legs[last]++;
      at++;
    }
  }
  return found;
}

/** Returns the index just behind the string that begins at a quotation mark. */
function endOfString(json: string, begin: number): number {
  for (let at = begin + 1; ;) {
    const quote = json.indexOf('"', at);
    if (quote < 0) return json.length;
    let escapes = 0;
    while (json[quote - 1 - escapes] === "\\") escapes++;
    if (escapes % 2 === 0) return quote + 1;
    at = quote + 1;
  }
}

function pathOf(legs: readonly (string | number)[]): string {
  return `$${legs.map((leg) => (typeof leg === "number" ? `[${leg}]` : `.${leg}`)).join("")}`;
}

function isDecimal(text: string): boolean {
  if (/[eE]/.test(text)) return false;
  const [whole = "", fraction] = text.replace("-", "").split(".");
  if (whole.length + (fraction ?? "").length > MAX_DIGITS || (fraction ?? "").length > MAX_SCALE)
    return false;
  if (fraction === undefined) {
    const value = BigInt(text);
    return value < MIN_BIGINT || value > MAX_UNSIGNED;
  }
  // A DOUBLE without a fraction is shown with one zero.
  if (fraction !== "0" && fraction.endsWith("0")) return true;
  return significant(whole + fraction) !== significant(shortest(Number(text)));
}

/** Returns only the digits of the shortest text that reads back as the same number. */
function shortest(value: number): string {
  return Math.abs(value).toExponential().replace(/e.*$/, "").replace(".", "");
}

function significant(digits: string): string {
  return digits.replace(/^0+/, "").replace(/0+$/, "");
}
