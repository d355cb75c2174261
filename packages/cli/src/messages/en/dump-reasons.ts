import type { ReasonTexts } from "@firebreak/archive";
import type { JsonExpected, MongodumpReasons } from "@firebreak/mongodump";

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
