import { reasonsOf } from "./reasons.ts";

/** The reasons why a file or a line is not what it should be, with their fields. */
export interface ArchiveReasons {
  /** `byte` counts from 1; it is undefined where the line ends. */
  "line-wrong": {
    problem: LineProblem;
    detail: string | number | undefined;
    byte: number | undefined;
  };
  "not-utf8": undefined;
  "line-long": { bytes: number; isLimitOfText: boolean };
  "document-malformed": { bytes: number };
  "no-key": undefined;
  "key-fields-missing": { fields: readonly string[] };
  "no-end": undefined;
  "text-of-no-type": { text: string; type: "decimal" | "integer" | "double" };
  "row-cut-short": undefined;
  "csv-foreign": undefined;
  "not-refused": undefined;
  "manifest-form": undefined;
  "manifest-lists-another": { manifest: string; file: string };
  "file-none": undefined;
  "file-empty": undefined;
  "identity-none": undefined;
  "key-kind": { kind: string | undefined };
  /** An unescaped character in the password ends the hosts of a URL too soon. No piece of it may be quoted. */
  "url-unescaped": undefined;
  "database-impossible": { name: string };
}

export const archiveReason: ReturnType<typeof reasonsOf<ArchiveReasons>> = reasonsOf<ArchiveReasons>();

/** A problem at a byte of a line. One that ends in `-missing` names the thing that was expected there. */
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
