import { faultOf } from "@firebreak/archive";

/** What keeps a delta from being applied to a target, of either kind. */
export interface DeltaFaults {
  /** No full archive is in, or not all of it. */
  "delta-base-missing": { server: string; database: string; number: number; chainSha256: string };
  /** Archives of other chains are in, and none of the delta's own. */
  "delta-other-chain": { server: string; database: string; number: number; chainSha256: string };
  /** A link between the newest that is in and this delta is missing. */
  "delta-link-missing": { server: string; database: string; number: number; newest: number };
  /** The chain goes on otherwise there: another delta of the same number is in or begun, or this one is of another base. */
  "delta-forked": { server: string; database: string; number: number; expected: string; found: string };
  /** Tables must be altered first, and nobody has agreed. */
  "delta-alter": {
    server: string;
    tables: readonly { readonly table: string; readonly statements: readonly string[] }[];
  };
  /** The statements ran, and the table still does not take the rows. */
  "delta-alter-short": { table: string; columns: readonly string[] };
  /** Rows that the target refused before may be superseded, and the file that says which they were is not here. */
  "delta-quarantine-missing": { table: string; part: string; count: number; file: string };
  /** With the delta in, the table would not have as many rows as it should. */
  "delta-rows": { table: string; expected: number; found: number };
}

export const deltaFault: ReturnType<typeof faultOf<DeltaFaults>> = faultOf<DeltaFaults>({
  "delta-base-missing": 6,
  "delta-other-chain": 6,
  "delta-link-missing": 6,
  "delta-forked": 6,
  "delta-alter": 6,
  "delta-alter-short": 7,
  "delta-quarantine-missing": 6,
  "delta-rows": 7,
});

/** Why the tables of a target are not what a delta is for; findings of a `load-refused`. */
export type DeltaFinding =
  | { readonly what: "delta-unloaded"; readonly number: number }
  | { readonly what: "delta-given"; readonly table: string; readonly statements: readonly string[] }
  | { readonly what: "delta-table-missing"; readonly table: string }
  /** The table has not as many rows as the links before have put there. */
  | {
      readonly what: "delta-table-rows";
      readonly table: string;
      readonly ledger: number;
      readonly found: number;
    }
  | { readonly what: "delta-engine"; readonly table: string; readonly engine: string }
  /** The table is one that only its own engine takes. */
  | { readonly what: "delta-direct"; readonly table: string; readonly engine: string }
  | { readonly what: "delta-cascades"; readonly table: string; readonly names: readonly string[] };
