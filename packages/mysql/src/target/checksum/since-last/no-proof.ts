import type { NoGrounds } from "../../../binlog/log-place.ts";

/** The reasons why a target is not proved by what changed since its last proof. */
export type NoProof =
  | NoGrounds
  /** There is no record of a complete proof of this chain in the work folder. */
  | { readonly why: "never-proved"; readonly work: string }
  /** Tables are lacking, were merged with rows of others, or refused rows that are in quarantine. */
  | { readonly why: "tables-not-plain" }
  | { readonly why: "log-gone"; readonly file: string }
  | { readonly why: "cascades"; readonly table: string }
  /** Somebody else wrote to a table, or the log does not tell. `event` and `offset` show where. */
  | { readonly why: "written"; readonly table: string; readonly file: string; readonly offset: number }
  | { readonly why: "unclear"; readonly event: string; readonly file: string; readonly offset: number }
  /** The ledger names loads that changed the table and are no deltas of the chain up to this one. */
  | { readonly why: "ledger-differs"; readonly table: string }
  | { readonly why: "links-unknown" | "rows-differ" | "counts-differ"; readonly table: string };
