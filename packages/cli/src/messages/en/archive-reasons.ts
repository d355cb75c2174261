import type { ArchiveReasons, ReasonTexts } from "@firebreak/archive";
import type { VerifyReasons } from "@firebreak/verify";
import { lineWrong } from "./line-reasons.ts";

const TYPES = { decimal: "decimal", integer: "whole number", double: "double" } as const;

export const archiveReasons: ReasonTexts<ArchiveReasons> = {
  "line-wrong": lineWrong,
  "not-utf8": "it is not UTF-8",
  "line-long": (f) =>
    f.isLimitOfText
      ? `it is longer than the ${f.bytes} bytes that can be worked on`
      : `it is longer than ${f.bytes} bytes`,
  "document-malformed": (f) => `${f.bytes} bytes that are no document have no line`,
  "no-key": "it has no key",
  "key-fields-missing": (f) => `it lacks the key, ${f.fields.join(", ")}`,
  "no-end": "it has no newline",
  "text-of-no-type": (f) => `${f.text} is no ${TYPES[f.type]}`,
  "row-cut-short": "it ends in the middle of a row",
  "csv-foreign": "it is not CSV as transform writes it",
  "not-refused": "it is nothing that was refused",
  "manifest-form": "it is not of this form",
  "manifest-lists-another": (f) => `${f.manifest} has another ${f.file}`,
  "file-none": "there is no such file",
  "file-empty": "it is empty",
  "identity-none": "it holds no identity",
  "key-kind": (f) => `it is a key for ${f.kind ?? "something else"}`,
  "url-unescaped":
    "its user name or password has a character that must be escaped: write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23, % as %25",
  "database-impossible": (f) => `no database can have the name ${JSON.stringify(f.name)}`,
};

export const verifyReasons: ReasonTexts<VerifyReasons> = {
  "format-version": (f) =>
    `formatVersion is ${f.found}, and of ${f.isDelta ? "a delta" : "an archive"} like this it is ${f.expected}`,
  "change-misplaced": (f) => `${f.namespace}: change is there of a delta, and of a delta alone`,
  "deletes-misplaced": (f) => `${f.namespace}: deletes are there only where it is changed`,
  "dropped-with-parts": (f) => `${f.namespace}: it is dropped, and has parts`,
  "key-line-foreign": "it is no key line",
  "key-order": "its key does not come after that of the line before",
  "key-gone-twice": "its key is gone in two ways",
  "key-gone": "its key is among those that are gone",
};
