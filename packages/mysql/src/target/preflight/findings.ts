import type { FindingOf } from "@firebreak/archive";
import type { MysqlNameProblem } from "../../driver/database-name.ts";

/** The reason why a column cannot take the archive's values, or would give them back as another text. */
export interface ColumnProblem {
  readonly column: string;
  readonly why:
    | "missing"
    | "extra"
    | "extra-obligatory"
    | "extra-generated"
    | "generated"
    | "not-null"
    | "narrower"
    | "other-type"
    | "character-set"
    | "key-collation";
  /** The expected and the found definition; empty if there is nothing to compare. */
  readonly expected: string;
  readonly found: string;
}

/** The reason why a column of an application's own table does not fit the rows that were made for it. */
export interface GivenProblem {
  /** The column, or the columns of a unique key. */
  readonly column: string;
  readonly why:
    | "missing"
    | "narrower"
    | "other-type"
    | "width"
    | "nullability"
    | "character-set"
    | "collation"
    | "unfillable"
    | "unique";
  readonly expected: string;
  readonly found: string;
}

interface LedgerFields {
  table: string;
  part: string;
  /** The table is an application's own: the message must not tell the user to move it away. */
  isGiven?: true;
}

/** A reason against loading into the target; preflight collects them all. */
export type TargetFinding = FindingOf<TargetFindings>;

/** The reasons, with their fields. */
interface TargetFindings {
  "server-old": { version: string };
  "read-only": { settings: readonly string[] };
  "force-recovery": { level: number };
  "engine-missing": object;
  "database-unfit": { database: string; why: MysqlNameProblem };
  "database-missing": { database: string };
  privileges: { database: string; missing: readonly string[] };
  "tables-collide": { table: string; namespaces: readonly string[] };
  keyless: { table: string };
  "packet-small": { table: string; needed: number; limit: number };
  "page-small": {
    table: string;
    /** The index; undefined for the row itself. */
    index: string | undefined;
    needed: number;
    limit: number;
    pageBytes: number;
  };
  "disk-small": { folder: string; needed: number; free: number };
  "not-a-table": { table: string; kind: string };
  engine: { table: string; engine: string };
  "rows-elsewhere": { table: string; engine: string };
  "table-taken": { table: string };
  "table-differs": { table: string; problems: readonly ColumnProblem[] };
  "key-differs": { table: string; expected: string; found: string };
  "unique-index": { table: string; index: string };
  triggers: { table: string; names: readonly string[] };
  "foreign-keys": { table: string; names: readonly string[] };
  "ledger-foreign": LedgerFields;
  "ledger-counts": LedgerFields;
  "given-missing": { tables: readonly string[] };
  "given-differs": { tables: readonly string[]; problem: GivenProblem };
  "given-taken": { table: string; rowCount: number };
  "given-rows": { table: string; ledger: number; found: number };
  /** The rows are for the tables of an application that no profile here knows. */
  "application-unknown": { profile: string };
  "merge-needless": object;
  "replay-unloaded": { table: string; missing: number; parts: number };
  "ledger-rows": { table: string; ledger: number; found: number };
}

/** A fact that the user should know about the target, but that does not prevent a load. */
export type TargetNote =
  | { readonly code: "load-without-local"; readonly fields: { readonly factor: number } }
  | {
      readonly code: "load-packet-tight";
      readonly fields: { readonly table: string; readonly needed: number; readonly limit: number };
    }
  | { readonly code: "load-partitions"; readonly fields: { readonly table: string } }
  | {
      readonly code: "load-disk";
      readonly fields: { readonly needed: number; readonly free: number | undefined };
    }
  | {
      readonly code: "load-binlog";
      readonly fields: { readonly bytes: number; readonly keptSeconds: number };
    }
  | { readonly code: "load-replicas"; readonly fields: { readonly count: number } };
