import { archiveReason } from "../archive-reasons.ts";
import { ReasonError } from "../reasons.ts";

/** What is wrong at a byte of a line. Those that end in `-missing` name what was expected there. */
export type LineProblem =
  | "token-missing"
  | "more-missing"
  | "string-missing"
  | "quote-missing"
  | "digit-missing"
  | "hexadecimal-missing"
  | "value-missing"
  | "name-missing"
  | "colon-missing"
  | "comma-missing"
  | "comma-or-brace-missing"
  | "comma-or-bracket-missing"
  | "more"
  | "opening"
  | "value-open"
  | "string-open"
  | "document-length"
  | "levels"
  | "name-not-utf8"
  | "name-of-type"
  | "name-twice"
  | "zero"
  | "options-order"
  | "control-character"
  | "escape"
  | "base64"
  | "number-long"
  | "leading-zero"
  | "integer-width"
  | "double-spelling"
  | "decimal"
  | "decimal-spelling";

/** Makes the error of a line that does not decode. The byte counts from 1; none is where the line ends. */
export function lineWrong(
  problem: LineProblem,
  byte: number | undefined,
  detail?: string | number,
): ReasonError {
  return new ReasonError(archiveReason("line-wrong", { problem, detail, byte }));
}
