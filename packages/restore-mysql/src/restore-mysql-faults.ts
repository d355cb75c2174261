import { faultOf } from "@firebreak/archive";
import type { MysqlNameProblem } from "@firebreak/mysql";

/** One reason why a restore into MySQL does not begin. All reasons are collected. */
export type MysqlRestoreFinding =
  | { readonly what: "taken"; readonly kind: ObjectKind; readonly name: string }
  | { readonly what: "reserved"; readonly database: string }
  | { readonly what: "privileges"; readonly database: string; readonly missing: readonly string[] }
  | { readonly what: "database-unfit"; readonly database: string; readonly why: MysqlNameProblem }
  /** A collation that the target lacks. `like` is one of the target's that compares nearly alike. */
  | {
      readonly what: "collation-unknown";
      readonly collation: string;
      readonly places: readonly string[];
      readonly like: string | undefined;
      /** True if `--collation-map` gives this collation. */
      readonly isGiven: boolean;
    }
  | {
      readonly what: "type-unknown";
      readonly type: string;
      readonly places: readonly string[];
      readonly namespaces: readonly string[];
    }
  | {
      readonly what: "kind-unknown";
      readonly kind: "sequence" | "library";
      /** The sequences or libraries, and the tables that need them. */
      readonly namespaces: readonly string[];
    }
  | { readonly what: "collide"; readonly name: string; readonly sources: readonly string[] }
  | { readonly what: "read-only"; readonly settings: readonly string[] }
  | { readonly what: "other-restore"; readonly database: string };

/** A kind of named object in MySQL. */
export type ObjectKind =
  | "table"
  | "view"
  | "sequence"
  | "library"
  | "procedure"
  | "function"
  | "event"
  | "trigger";

/** The faults that stop a restore into MySQL, with their data. */
export interface RestoreMysqlFaults {
  "mysql-restore-nothing": { archive: string; include: readonly string[]; exclude: readonly string[] };
  "mysql-rename-wrong": { rename: string; why: "form" | "unknown" };
  "collation-map-wrong": { pair: string; why: "form" | "character-set" | "unknown" };
  "mysql-restore-refused": { server: string; findings: readonly MysqlRestoreFinding[] };
  "mysql-restore-declined": { server: string };
}

export const restoreMysqlFault: ReturnType<typeof faultOf<RestoreMysqlFaults>> = faultOf<RestoreMysqlFaults>({
  "mysql-restore-nothing": 2,
  "mysql-rename-wrong": 2,
  "collation-map-wrong": 2,
  "mysql-restore-refused": 6,
  "mysql-restore-declined": 6,
});
