import { faultOf, type Reason } from "@firebreak/archive";
import type { CaseTwins, NameProblem } from "@firebreak/mongodb";

/** A reason why a restore does not begin. Preflight collects them all. */
export type RestoreFinding =
  | { readonly what: "not-primary" }
  | { readonly what: "privileges"; readonly database: string; readonly missing: readonly string[] }
  | { readonly what: "target-reserved"; readonly namespace: string }
  /** The database `local` of a replica set, which its members do not replicate. */
  | { readonly what: "target-local"; readonly namespaces: readonly string[] }
  | { readonly what: "name-unfit"; readonly namespace: string; readonly why: NameProblem }
  | ({ readonly what: "database-case" } & CaseTwins)
  | { readonly what: "targets-collide"; readonly namespace: string; readonly sources: readonly string[] }
  | { readonly what: "view-apart"; readonly namespace: string; readonly reference: string }
  | { readonly what: "not-empty"; readonly namespace: string; readonly restoredAt: string | undefined }
  | {
      readonly what: "exists-different";
      readonly namespace: string;
      readonly differs: "kind" | "options" | "indexes" | "expiry";
    }
  | { readonly what: "ledger-foreign"; readonly database: string }
  | {
      readonly what: "settings-changed";
      readonly database: string;
      readonly before: string;
      readonly now: string;
    };

/** The faults that stop a restore. */
export interface RestoreFaults {
  "restore-nothing": { archive: string; include: readonly string[]; exclude: readonly string[] };
  "rename-wrong": { rename: string; why: "form" | "unknown" };
  "restore-refused": { server: string; findings: readonly RestoreFinding[] };
  "restore-declined": { server: string };
  "documents-refused": { namespace: string; part: string; count: number; reason: Reason };
}

export const restoreFault: ReturnType<typeof faultOf<RestoreFaults>> = faultOf<RestoreFaults>({
  "restore-nothing": 2,
  "rename-wrong": 2,
  "restore-refused": 6,
  "restore-declined": 6,
  "documents-refused": 7,
});
