import type { ArchiveReasons, LineProblem } from "@firebreak/archive";

type Detail = ArchiveReasons["line-wrong"]["detail"];

/** The problems of a line, in English. A sentence adds the place in the line behind them. */
const PROBLEMS: Readonly<Record<LineProblem, string | ((detail: Detail) => string)>> = {
  "token-missing": (token) => `${token} was expected`,
  "more-missing": "more was expected",
  "string-missing": "a string was expected",
  "quote-missing": "a quote was expected",
  "digit-missing": "a digit was expected",
  "hexadecimal-missing": "two digits in lower-case hexadecimal were expected",
  "value-missing": "a value was expected",
  "name-missing": "a name was expected",
  "colon-missing": "a colon was expected",
  "comma-missing": "a comma was expected",
  "comma-or-brace-missing": "a comma or } was expected",
  "comma-or-bracket-missing": "a comma or ] was expected",
  more: "something more stands",
  opening: (token) => `it does not begin with ${token}`,
  "value-open": "it ends inside a value",
  "string-open": "it ends inside a string",
  "document-length": (bytes) => `a document of another length than its ${bytes} bytes stands`,
  levels: (most) => `more than ${most} levels begin`,
  "name-not-utf8": "a name that is not UTF-8 stands",
  "name-of-type": "a name that stands for a type is out of place",
  "name-twice": "a name stands for the second time",
  zero: "a name or pattern with a zero in it stands",
  "options-order": "options out of order stand",
  "control-character": "a control character stands bare",
  escape: "an escape that JSON.stringify does not write stands",
  base64: "something other than exact base64 stands",
  "number-long": "a number too long stands",
  "leading-zero": "a number begins with a zero",
  "integer-width": "a number outside its width stands",
  "double-spelling": "a double in another spelling stands",
  decimal: "a decimal that is none stands",
  "decimal-spelling": "a decimal in another spelling stands",
};

/** Problems of a whole line, which have no place in it. */
const OF_WHOLE: ReadonlySet<LineProblem> = new Set(["opening", "value-open", "string-open"]);

export function lineWrong({ problem, detail, byte }: ArchiveReasons["line-wrong"]): string {
  const text = PROBLEMS[problem];
  const said = typeof text === "string" ? text : text(detail);
  if (OF_WHOLE.has(problem)) return said;
  return byte === undefined ? `${said} where it ends` : `${said} at byte ${byte}`;
}
