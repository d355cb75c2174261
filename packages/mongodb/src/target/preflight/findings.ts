import type { NameProblem } from "../../driver/unfit-names.ts";

/** A reason against loading into a MongoDB; preflight collects them all. */
export type MongodbFinding =
  | { readonly what: "server-old"; readonly version: string }
  | { readonly what: "not-primary" }
  | { readonly what: "privileges"; readonly database: string; readonly missing: readonly string[] }
  | { readonly what: "disk-small"; readonly needed: number; readonly free: number }
  | { readonly what: "name-reserved"; readonly namespace: string }
  | { readonly what: "name-unfit"; readonly namespace: string; readonly why: NameProblem }
  | { readonly what: "database-case"; readonly database: string; readonly other: string }
  | { readonly what: "collections-collide"; readonly namespace: string; readonly sources: readonly string[] }
  | { readonly what: "restore-unfinished"; readonly namespace: string }
  | { readonly what: "collection-taken"; readonly namespace: string }
  | {
      readonly what: "collection-differs";
      readonly namespace: string;
      readonly differs: "kind" | "options" | "index";
      readonly expected: string;
      readonly found: string;
    }
  | { readonly what: "unique-index" | "expiring-index"; readonly namespace: string; readonly index: string }
  | { readonly what: "ledger-foreign"; readonly namespace: string; readonly part: string | undefined }
  | { readonly what: "ledger-counts"; readonly namespace: string; readonly part: string }
  | {
      readonly what: "ledger-documents";
      readonly namespace: string;
      readonly ledger: number;
      readonly found: number;
    }
  /** In a delta: no load of its chain made the collection. */
  | { readonly what: "chain-foreign"; readonly namespace: string }
  /** In a delta: the link before is not proved to be in. */
  | { readonly what: "chain-unproved"; readonly namespace: string }
  /** In a delta: the number of documents changed since the link before was proved. */
  | {
      readonly what: "chain-documents";
      readonly namespace: string;
      readonly expected: number;
      readonly found: number;
    }
  | {
      readonly what: "replay-unloaded";
      readonly namespace: string;
      readonly missing: number;
      readonly parts: number;
    };

/** A fact that the user should know about the target, but that does not prevent a load. */
export interface MongodbNote {
  readonly code: "load-disk-mongodb";
  readonly fields: { readonly needed: number; readonly free: number };
}
