import { faultOf } from "@firebreak/archive";

/** One reason why a load does not begin; preflight gathers them all. */
export type Finding =
  | { readonly what: "server-old"; readonly version: string }
  | { readonly what: "local-infile-off" }
  | { readonly what: "read-only" }
  | { readonly what: "database-missing"; readonly database: string }
  | { readonly what: "privileges"; readonly database: string; readonly missing: readonly string[] }
  | { readonly what: "table-taken"; readonly table: string }
  | {
      readonly what: "table-differs";
      readonly table: string;
      readonly expected: string;
      readonly found: string;
    }
  | { readonly what: "tables-collide"; readonly table: string; readonly namespaces: readonly string[] }
  | { readonly what: "ledger-foreign"; readonly table: string; readonly part: string }
  | { readonly what: "ledger-rows"; readonly table: string; readonly ledger: number; readonly found: number }
  | {
      readonly what: "packet-small";
      readonly table: string;
      readonly needed: number;
      readonly limit: number;
    };

/** What stops a load. */
export interface LoadFaults {
  "load-refused": { server: string; findings: readonly Finding[] };
  "part-refused": { table: string; part: string; reason: string };
  "part-counts": {
    table: string;
    part: string;
    lines: number;
    records: number;
    deleted: number;
    skipped: number;
    warnings: number;
    first: string;
  };
}

export const loadFault: ReturnType<typeof faultOf<LoadFaults>> = faultOf<LoadFaults>({
  "load-refused": 6,
  "part-refused": 7,
  "part-counts": 7,
});
