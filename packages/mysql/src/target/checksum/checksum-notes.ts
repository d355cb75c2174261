import type { StepEvent } from "@firebreak/archive";
import type { NoProof } from "./since-last/no-proof.ts";

/** The notes of a comparison with MySQL or MariaDB, with their fields. */
export interface MysqlChecksumNotes {
  "table-missing": { table: string };
  "columns-missing": { table: string; columns: readonly string[] };
  sampled: { rows: number; total: number };
  "quarantine-missing": { table: string; part: string; count: number; file: string };
  "rows-quarantined": { count: number; folder: string };
  "other-link-in": { database: string; number: number; newest: number };
  "table-undropped": { table: string };
  "chain-rows-unknown": { table: string; isMissing: boolean; place: string };
  /** @param transactions the number of those in the log since the last proof, which was made `at` that time. */
  "since-last-proved": { tables: number; keys: number; transactions: number; at: string };
  "since-last-unproved": NoProof;
  "repair-written": { folder: string; tables: number; missing: number; extra: number; changed: number };
  "repair-nothing": { lacking: readonly string[] };
}

export type ChecksumStep = StepEvent<MysqlChecksumNotes>;
