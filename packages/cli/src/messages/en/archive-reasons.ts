import type { ArchiveReasons, ReasonTexts, LineProblem } from "@firebreak/archive";
import type { VerifyReasons } from "@firebreak/verify";
import type { JsonExpected, MongodumpReasons } from "@firebreak/mongodump";

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

const named = (name: string): string => JSON.stringify(name);

export const dumpReasons: ReasonTexts<MongodumpReasons> = {
  gzip: (f) => `gzip: ${f.words}`,
  "document-length": (f) => `${f.length} is no length of a document`,
  "document-cut-short": (f) => `it ends after ${f.bytes} bytes of a document`,
  "document-unended": (f) => `the document of ${f.bytes} bytes does not end in a zero`,
  "terminator-misplaced": (f) =>
    `a terminator stands in place of ${f.instead === "header" ? "the header" : "a segment's header"}`,
  "prelude-cut-short": "it ends inside the list of its collections",
  "header-no-bson": "what should be a header is not BSON",
  "segment-cut-short": "it ends inside a segment",
  "stream-goes-on": (f) => `${f.namespace} goes on after its end`,
  "stream-cut-short": (f) => `it ends before ${f.namespace} is complete`,
  "stream-unlisted": (f) => `it has documents of ${f.namespace}, which its list does not name`,
  crc: (f) => `the CRC of ${f.namespace} is ${f.found}, and ${f.expected} was expected`,
  "json-wrong": (f) => `${expectedText(f.expected, f.text)} was expected at character ${f.character}`,
  "not-a-document": (f) => `${f.name ?? "it"} is no document`,
  "name-with-zero": (f) => `the name ${named(f.name)} has a zero in it`,
  "oplog-cut-short": "it ends inside an entry",
  "entry-foreign": "it is no entry of an oplog",
  "entry-version": (f) => `entries of version ${f.version} are not known`,
  "operation-unknown": (f) => `the operation ${named(f.operation)} is not known`,
  "id-missing": "it names no document by its _id",
  "update-without-diff": "its update has no diff",
  "update-version": (f) => `updates of version ${f.version} are not known`,
  "updated-missing": (f) =>
    f.isOfDump
      ? "the dump does not have the document that it updates"
      : "there is no document that it updates",
  "modifier-unknown": (f) => `the modifier ${named(f.name)} is not known`,
  "diff-of-array": "the diff of an array stands for a document",
  "diff-section-unknown": (f) => `the section ${named(f.name)} of its diff is not known`,
  "view-changed": "a view was made, changed or dropped",
  "namespace-missing": (f) => `the dump does not have ${f.namespace}`,
  "command-unnamed": "it is a command without a name",
  "command-about-collection": (f) =>
    `${f.command} of ${f.database}: a collection was made, changed, renamed or dropped`,
  "transaction-began-before": (f) =>
    `the transaction that it ${f.isCommit ? "commits" : "belongs to"} began before the oplog does`,
  "operations-no-array": "its operations are no array",
};

function expectedText(expected: JsonExpected, text: string | undefined): string {
  switch (expected) {
    case "fewer-levels":
      return "fewer levels";
    case "end":
      return "the end";
    case "name":
    case "string":
    case "value":
      return `a ${expected}`;
    case "other-value":
      return `a value in place of ${text}`;
    case "letter":
      return text ?? "";
  }
}
