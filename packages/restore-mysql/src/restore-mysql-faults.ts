import { faultOf, type FindingOf } from "@firebreak/archive";
import type { MysqlNameProblem } from "@firebreak/mysql";

/** One reason why a restore into MySQL does not begin. All reasons are collected. */
export type MysqlRestoreFinding = FindingOf<MysqlRestoreFindings>;

/** The reasons, with their fields. */
interface MysqlRestoreFindings {
  taken: { kind: ObjectKind; name: string };
  reserved: { database: string };
  privileges: { database: string; missing: readonly string[] };
  "database-unfit": { database: string; why: MysqlNameProblem };
  /** A collation that the target lacks. `like` is one of the target's that compares nearly alike. */
  "collation-unknown": {
    collation: string;
    places: readonly string[];
    like: string | undefined;
    /** True if `--collation-map` gives this collation. */
    isGiven: boolean;
  };
  "type-unknown": { type: string; places: readonly string[]; namespaces: readonly string[] };
  "kind-unknown": {
    kind: "sequence" | "library";
    /** The sequences or libraries, and the tables that need them. */
    namespaces: readonly string[];
  };
  collide: { name: string; sources: readonly string[] };
  "read-only": { settings: readonly string[] };
  "other-restore": { database: string };
}

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
