import { faultOf } from "./errors.ts";
import type { ManifestFormat } from "./manifest/schema-parts.ts";
import { type Reason, reasonsOf } from "./reasons.ts";

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

/** The faults of an archive or of the disk below it, with their fields. */
export interface ArchiveFaults {
  "archive-missing": { archive: string };
  "archive-incomplete": { archive: string };
  "manifest-unreadable": { file: string; reason: Reason };
  "format-newer": { file: string; found: number; known: number };
  "format-foreign": { file: string; expected: ManifestFormat; found: ManifestFormat | undefined };
  "file-missing": { file: string };
  "file-unexpected": { file: string };
  "file-not-regular": { file: string };
  "file-size": { file: string; expected: number; found: number };
  "file-hash": { file: string; expected: string; found: string };
  "file-path": { file: string; manifest: string };
  "part-undecodable": { file: string; reason: Reason };
  "part-content": {
    file: string;
    what: "bytes" | "sha256" | "lines" | "documents";
    expected: string;
    found: string;
  };
  /** An unreadable line in a part whose bytes are as its manifest says. */
  "line-unreadable": { file: string; line: number; reason: Reason };
  /** A line does not decode, and so may not be written again. */
  "line-unproved": { file: string; line: number; reason: Reason };
  /** A writer gave other bytes than the lines that it counted: a fault of this program. */
  "part-miscounted": { file: string; line: number; expected: number; found: number };
  "transform-foreign": { file: string; expected: string; found: string };
  /** Transform took the delta for a whole archive, or for another link of the chain. */
  "transform-unlinked": { folder: string };
  "chain-link-missing": { archive: string; number: number; sha256: string; looked: string };
  "archive-is-delta": { archive: string };
  "key-missing": { file: string };
  "key-wrong": { file: string };
  "include-idle": { glob: string; place: string; nearest: string | undefined };
  "identity-invalid": { file: string; reason: Reason };
  "recipient-invalid": { recipient: string; reason: Reason };
  "signing-key-invalid": { file: string; reason: Reason };
  "signature-missing": { file: string };
  "signature-wrong": { file: string };
  "signature-foreign": { file: string; signedBy: string };
  "folder-locked": { file: string; host: string; pid: number };
  "folder-lock-lost": { file: string };
  "disk-full": { file: string };
  "disk-failed": { file: string; reason: string };
}

export const archiveFault: ReturnType<typeof faultOf<ArchiveFaults>> = faultOf<ArchiveFaults>({
  "archive-missing": 5,
  "archive-incomplete": 5,
  "manifest-unreadable": 5,
  "format-newer": 5,
  "format-foreign": 5,
  "file-missing": 5,
  "file-unexpected": 5,
  "file-not-regular": 5,
  "file-size": 5,
  "file-hash": 5,
  "file-path": 5,
  "part-undecodable": 5,
  "part-content": 5,
  "line-unreadable": 5,
  "line-unproved": 5,
  "part-miscounted": 1,
  "transform-foreign": 5,
  "transform-unlinked": 5,
  "chain-link-missing": 6,
  "archive-is-delta": 6,
  "key-missing": 5,
  "key-wrong": 5,
  "include-idle": 2,
  "identity-invalid": 2,
  "recipient-invalid": 2,
  "signing-key-invalid": 2,
  "signature-missing": 5,
  "signature-wrong": 5,
  "signature-foreign": 5,
  "folder-locked": 6,
  "folder-lock-lost": 7,
  "disk-full": 7,
  "disk-failed": 7,
});

/** Returns the system's code of an error, such as `ENOENT`. Undefined if it has none. */
export function systemCode(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}

/**
 * Makes a function for the failure of a file operation. It throws the disk's fault or, if the file is missing,
 * the fault for that.
 */
export function missingFault(
  file: string,
  faultFor: (cause: unknown) => Error = (cause) => archiveFault("file-missing", { file }, cause),
): (error: unknown) => never {
  return (error) => {
    throw systemCode(error) === "ENOENT" ? faultFor(error) : diskFault(error, file);
  };
}

/** Makes a function for the failure of a file operation. It returns `value` if the file is missing. */
export function missingAs<T>(file: string, value: T): (error: unknown) => T {
  return (error) => (systemCode(error) === "ENOENT" ? value : missingFault(file)(error));
}

/** Turns a failed file operation into the fault a person can act on; anything else is returned as it is. */
export function diskFault(error: unknown, file: string): unknown {
  if (!(error instanceof Error) || !("code" in error) || !("syscall" in error)) return error;
  if (error.code === "ENOSPC" || error.code === "EDQUOT") return archiveFault("disk-full", { file }, error);
  return archiveFault("disk-failed", { file, reason: String(error.code) }, error);
}
