import type { FindingOf } from "@firebreak/archive";
import type { NameProblem } from "../../driver/unfit-names.ts";

/** A reason against loading into a MongoDB; preflight collects them all. */
export type MongodbFinding = FindingOf<MongodbFindings>;

/** The reasons, with their fields. */
interface MongodbFindings {
  "server-old": { version: string };
  "not-primary": object;
  privileges: { database: string; missing: readonly string[] };
  "disk-small": { needed: number; free: number };
  "name-reserved": { namespace: string };
  "name-unfit": { namespace: string; why: NameProblem };
  "database-case": { database: string; other: string };
  "collections-collide": { namespace: string; sources: readonly string[] };
  "restore-unfinished": { namespace: string };
  "collection-taken": { namespace: string };
  "collection-differs": {
    namespace: string;
    differs: "kind" | "options" | "index";
    expected: string;
    found: string;
  };
  "unique-index": { namespace: string; index: string };
  "expiring-index": { namespace: string; index: string };
  "ledger-foreign": { namespace: string; part: string | undefined };
  "ledger-counts": { namespace: string; part: string };
  "ledger-documents": { namespace: string; ledger: number; found: number };
  /** In a delta: no load of its chain made the collection. */
  "chain-foreign": { namespace: string };
  /** In a delta: the link before is not proved to be in. */
  "chain-unproved": { namespace: string };
  /** In a delta: the number of documents changed since the link before was proved. */
  "chain-documents": { namespace: string; expected: number; found: number };
  "replay-unloaded": { namespace: string; missing: number; parts: number };
}

/** A fact that the user should know about the target, but that does not prevent a load. */
export interface MongodbNote {
  readonly code: "load-disk-mongodb";
  readonly fields: { readonly needed: number; readonly free: number };
}
