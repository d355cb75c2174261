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

/** A reason against loading into the target; preflight collects them all. */
export type TargetFinding =
  | { readonly what: "server-old"; readonly version: string }
  | { readonly what: "read-only"; readonly settings: readonly string[] }
  | { readonly what: "force-recovery"; readonly level: number }
  | { readonly what: "engine-missing" }
  | { readonly what: "database-unfit"; readonly database: string; readonly why: MysqlNameProblem }
  | { readonly what: "database-missing"; readonly database: string }
  | { readonly what: "privileges"; readonly database: string; readonly missing: readonly string[] }
  | { readonly what: "tables-collide"; readonly table: string; readonly namespaces: readonly string[] }
  | { readonly what: "keyless"; readonly table: string }
  | {
      readonly what: "packet-small";
      readonly table: string;
      readonly needed: number;
      readonly limit: number;
    }
  | {
      readonly what: "page-small";
      readonly table: string;
      /** The index; undefined for the row itself. */
      readonly index: string | undefined;
      readonly needed: number;
      readonly limit: number;
      readonly pageBytes: number;
    }
  | { readonly what: "disk-small"; readonly folder: string; readonly needed: number; readonly free: number }
  | { readonly what: "not-a-table"; readonly table: string; readonly kind: string }
  | { readonly what: "engine"; readonly table: string; readonly engine: string }
  | { readonly what: "rows-elsewhere"; readonly table: string; readonly engine: string }
  | { readonly what: "table-taken"; readonly table: string }
  | { readonly what: "table-differs"; readonly table: string; readonly problems: readonly ColumnProblem[] }
  | {
      readonly what: "key-differs";
      readonly table: string;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly what: "unique-index"; readonly table: string; readonly index: string }
  | { readonly what: "triggers"; readonly table: string; readonly names: readonly string[] }
  | { readonly what: "foreign-keys"; readonly table: string; readonly names: readonly string[] }
  | {
      readonly what: "ledger-foreign" | "ledger-counts";
      readonly table: string;
      readonly part: string;
      /** The table is an application's own: the message must not tell the user to move it away. */
      readonly isGiven?: true;
    }
  | { readonly what: "given-missing"; readonly tables: readonly string[] }
  | { readonly what: "given-differs"; readonly tables: readonly string[]; readonly problem: GivenProblem }
  | { readonly what: "given-taken"; readonly table: string; readonly rowCount: number }
  | { readonly what: "given-rows"; readonly table: string; readonly ledger: number; readonly found: number }
  /** The rows are for the tables of an application that no profile here knows. */
  | { readonly what: "application-unknown"; readonly profile: string }
  | { readonly what: "merge-needless" }
  | {
      readonly what: "replay-unloaded";
      readonly table: string;
      readonly missing: number;
      readonly parts: number;
    }
  | { readonly what: "ledger-rows"; readonly table: string; readonly ledger: number; readonly found: number };

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
