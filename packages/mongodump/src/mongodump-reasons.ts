import { reasonsOf } from "@firebreak/archive";

/** The things that Extended JSON needs at a place and that a file lacks there. */
export type JsonExpected = "fewer-levels" | "end" | "name" | "string" | "value" | "other-value" | "letter";

/** The reasons why a dump or an entry of its oplog cannot be read, with their fields. */
export interface MongodumpReasons {
  gzip: { words: string };
  "document-length": { length: number };
  "document-cut-short": { bytes: number };
  "document-unended": { bytes: number };
  "terminator-misplaced": { instead: "header" | "segment-header" };
  "prelude-cut-short": undefined;
  "header-no-bson": undefined;
  "segment-cut-short": undefined;
  "stream-goes-on": { namespace: string };
  "stream-cut-short": { namespace: string };
  "stream-unlisted": { namespace: string };
  crc: { namespace: string; found: string; expected: string };
  "json-wrong": { expected: JsonExpected; text: string | undefined; character: number };
  "not-a-document": { name: string | undefined };
  "name-with-zero": { name: string };
  "oplog-cut-short": undefined;
  "entry-foreign": undefined;
  "entry-version": { version: number };
  "operation-unknown": { operation: string };
  "id-missing": undefined;
  "update-without-diff": undefined;
  "update-version": { version: number };
  "updated-missing": { isOfDump: boolean };
  "modifier-unknown": { name: string };
  "diff-of-array": undefined;
  "diff-section-unknown": { name: string };
  "view-changed": undefined;
  "namespace-missing": { namespace: string };
  "command-unnamed": undefined;
  "command-about-collection": { command: string; database: string };
  "transaction-began-before": { isCommit: boolean };
  "operations-no-array": undefined;
}

export const dumpReason: ReturnType<typeof reasonsOf<MongodumpReasons>> = reasonsOf<MongodumpReasons>();
